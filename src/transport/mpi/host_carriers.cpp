#include "host_carriers.hpp"

namespace feedline {
namespace {

/// Removes the complete requests from the front and returns their number.
std::uint64_t complete(std::deque<Request>& requests) {
  std::uint64_t count = 0;
  for (; !requests.empty() && requests.front().test(); ++count) requests.pop_front();
  return count;
}

}  // namespace

void HostOutbound::send(const Slot& slot) {
  in_flight_.push_back(messenger_.isend(slot.used_bytes(), peer_, kDataTag));
}

void HostOutbound::send_again(const Slot& slot) {
  again_ = messenger_.isend(slot.used_bytes(), peer_, kAgainTag);
}

std::uint64_t HostOutbound::left() {
  again_.test();
  return complete(in_flight_);
}

void HostInbound::expect(const Slot& slot) {
  posted_.push_back(messenger_.irecv(slot.bytes(), peer_, kDataTag));
}

void HostInbound::expect_less() {
  posted_.back().cancel();
  posted_.pop_back();
}

std::uint64_t HostInbound::arrived() {
  return complete(posted_);
}

void HostInbound::expect_again(std::uint64_t, const Slot& slot) {
  again_ = messenger_.irecv(slot.bytes(), peer_, kAgainTag);
}

}  // namespace feedline

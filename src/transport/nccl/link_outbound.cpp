#include "link_outbound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace feedline {

LinkOutbound::LinkOutbound(Messenger& messenger, const NcclChannelOptions& options, const SlotRing& ring,
                           std::shared_ptr<DeviceRuntime> device, std::unique_ptr<Preparation> preparation,
                           std::shared_ptr<DeviceLink> link)
    : messenger_(messenger),
      peer_(options.peer),
      device_(std::move(device)),
      pinned_(pin_if_possible(*device_, ring.memory())),
      preparation_(std::move(preparation)),
      places_(kPlaces),
      copies_(device_->make_stream()),
      user_(std::move(link), *device_, options.transfer_timeout),
      copy_lane_(options.copies),
      transfer_lane_(options.transfers) {
  for (Place& place : places_) {
    place.copied = device_->make_event();
    place.sent = device_->make_event();
    place.message.resize(sizeof(TransferHead) + preparation_->makes().header_bytes());
  }
}

void LinkOutbound::begin(const Slot& slot, bool again) {
  device_->make_current();  // else this thread's first call opens a context on GPU 0
  Place& mine = place(begun_);
  mine.sequence = slot.header().sequence;
  mine.again = again;
  mine.begun = Clock::now();
  preparation_->begin(index(begun_), slot, mine.header(), *copies_);
  copies_->record(*mine.copied);
  mine.payload = preparation_->payload(index(begun_), mine.header());
  if (preparation_->header_is_whole()) tell(begun_);
  ++begun_;
}

/// Sends the header.
void LinkOutbound::tell(std::uint64_t number) {
  Place& mine = place(number);
  TransferHead head;
  head.again = mine.again ? 1 : 0;
  head.number = number;
  head.sequence = mine.sequence;
  head.bytes = mine.payload.size();
  head.checksum = head.sum();
  std::memcpy(mine.message.data(), &head, sizeof head);
  mine.told = messenger_.isend(mine.message, peer_, kHeaderTag);
  bytes_out_ += mine.header().size() + mine.payload.size();
}

std::uint64_t LinkOutbound::left() {
  hand_over();
  const std::uint64_t count = free_slots();
  finish_sent();
  meter_.look(freed_ < begun_, sent_ < std::min(user_.handed(), freed_));
  return count;
}

void LinkOutbound::hand_over() {
  user_.hand_over(
      begun_,
      [this](std::uint64_t number) {
        Place& next = place(number);
        user_.stream().wait_for(*next.copied);
        user_.link().send(next.payload, user_.stream());
      },
      [this](std::uint64_t number) {
        Place& done = place(number);
        user_.stream().record(*done.sent);
        done.sending = Clock::now();
        done.deadline = user_.deadline();
      });
}

/// Returns how many slots are free: begin() has copied the header, so a slot is free when all work that reads
/// it is done.
std::uint64_t LinkOutbound::free_slots() {
  std::uint64_t count = 0;
  for (; freed_ < begun_ && place(freed_).copied->done(); ++freed_) {
    Place& copied = place(freed_);
    copied.sending = Clock::now();
    copy_lane_.add(stage::kCopyToDevice, copied.begun, copied.sequence, copied.payload.size());
    if (!preparation_->header_is_whole()) {
      preparation_->complete(index(freed_), copied.header());
      tell(freed_);
    }
    count += copied.again ? 0 : 1;
  }
  return count;
}

void LinkOutbound::finish_sent() {
  while (sent_ < std::min(user_.handed(), freed_) && place(sent_).sent->done() && place(sent_).told.test()) {
    const Place& sent = place(sent_);
    transfer_lane_.add(stage::kSendToDevice, sent.sending, sent.sequence, sent.payload.size());
    ++sent_;
  }
  if (sent_ == user_.handed()) return;
  const Place& first = place(sent_);
  user_.check(first.deadline, [&] { return fmt::format("rank {} to take batch {}", peer_, first.sequence); });
}

}  // namespace feedline

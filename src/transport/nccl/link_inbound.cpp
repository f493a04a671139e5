#include "link_inbound.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <cstring>

namespace feedline {

LinkInbound::LinkInbound(Messenger& messenger, const NcclChannelOptions& options, const BatchSpec& spec,
                         std::shared_ptr<DeviceSlots> slots, DeviceRuntime& device,
                         std::shared_ptr<DeviceLink> link)
    : messenger_(messenger),
      peer_(options.peer),
      spec_(spec),
      slots_(std::move(slots)),
      user_(std::move(link), device, options.transfer_timeout),
      lane_(options.transfers) {
  // One for each batch that may have credit, and one for a batch that is sent again.
  for (std::size_t i = 0; i <= slots_->count(); ++i)
    post(std::vector<std::byte>(sizeof(TransferHead) + spec.header_bytes()));
}

LinkInbound::~LinkInbound() {
  for (Message& message : posted_) message.request.cancel();
}

void LinkInbound::post(std::vector<std::byte> buffer) {
  Message& message = posted_.emplace_back(Message{std::move(buffer), {}});
  message.request = messenger_.irecv(message.bytes, peer_, kHeaderTag);
}

std::uint64_t LinkInbound::arrived() {
  take_headers();
  hand_over();
  std::uint64_t batches = 0;
  while (finish_first(batches)) {
  }
  return batches;
}

void LinkInbound::take_headers() {
  while (!posted_.empty() && posted_.front().request.test()) {
    std::vector<std::byte> message = std::move(posted_.front().bytes);
    posted_.pop_front();
    const TransferHead head = read(message);
    ++announced_;
    next_ += head.again != 0 ? 0 : 1;
    transfers_.push_back({head, std::move(message), {}, {}});
  }
}

TransferHead LinkInbound::read(const std::vector<std::byte>& message) const {
  TransferHead head;
  std::memcpy(&head, message.data(), sizeof head);
  check(head);
  return head;
}

/// Throws unless the transfer is the expected one. The link cannot distinguish transfers, so an unexpected
/// one must not be started.
void LinkInbound::check(const TransferHead& head) const {
  if (head.magic != TransferHead::kMagic || head.checksum != head.sum()) {
    throw PeerError(
        fmt::format("Rank {} announced a batch in a message that was damaged on its way.", peer_));
  }
  const bool wanted = head.again != 0 ? again_.has_value() : next_ < completed_ + expected_.size();
  const std::uint64_t batch = head.again != 0 && again_ ? again_->sequence : next_;
  const std::size_t most = spec_.slot_bytes() - spec_.header_bytes();
  if (head.number != announced_ || !wanted || head.sequence != batch || head.bytes > most) {
    throw PeerError(
        fmt::format("Rank {} announced transfer {} with batch {} of {} bytes; expected was transfer {} with "
                    "batch {} of at most {} bytes{}.",
                    peer_, head.number, head.sequence, head.bytes, announced_, batch, most,
                    wanted ? "" : ", and there is no room for it"));
  }
}

/// Enqueues the announced transfers on the link, and after each of them, on its stream, the sums of its rows.
void LinkInbound::hand_over() {
  user_.hand_over(
      announced_,
      [this](std::uint64_t number) {
        const TransferHead& next = transfer(number).head;
        user_.link().receive(slots_->payload(next.sequence).first(next.bytes), user_.stream());
      },
      [this](std::uint64_t number) {
        Transfer& done = transfer(number);
        slots_->add_up(Slot(done.bytes(), spec_), done.head.sequence, user_.stream());
        done.handed = Clock::now();
        done.deadline = user_.deadline();
      });
}

/// Returns whether the first transfer was complete. If so, its header has been copied to its slot, and a new
/// batch is counted.
bool LinkInbound::finish_first(std::uint64_t& batches) {
  if (finished_ == user_.handed()) return false;
  Transfer& first = transfers_.front();
  if (!slots_->arrived(first.head.sequence)) {
    user_.check(first.deadline,
                [&] { return fmt::format("batch {} from rank {}", first.head.sequence, peer_); });
    return false;
  }
  lane_.add(stage::kReceiveFromDevice, first.handed, first.head.sequence, first.head.bytes);
  const bool again = first.head.again != 0;
  const Slot slot = again ? again_->slot : expected_.front();
  std::memcpy(slot.bytes().data(), first.bytes(), spec_.header_bytes());
  if (again) {
    again_.reset();
    again_arrived_ = true;
  } else {
    expected_.pop_front();
    ++completed_;
    ++batches;
  }
  post(std::move(first.header));
  transfers_.pop_front();
  ++finished_;
  return true;
}

}  // namespace feedline

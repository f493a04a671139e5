#include "link_outbound.hpp"

#include "transfer_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace feedline {

LinkOutbound::LinkOutbound(Messenger& messenger, const NcclChannelOptions& options, const SlotRing& ring,
                           std::shared_ptr<DeviceRuntime> device, std::shared_ptr<DeviceLink> link)
    : messenger_(messenger),
      peer_(options.peer),
      device_(std::move(device)),
      pinned_(pin_if_possible(*device_, ring.memory())),
      places_(kPlaces),
      copies_(device_->make_stream()),
      user_(std::move(link), *device_, options.transfer_timeout),
      copy_lane_(options.copies),
      transfer_lane_(options.transfers) {
  const BatchSpec& spec = ring.pool().spec();
  for (Place& place : places_) {
    place.payload = device_->allocate(spec.slot_bytes() - spec.header_bytes());
    place.copied = device_->make_event();
    place.sent = device_->make_event();
    place.message.resize(sizeof(TransferHead) + spec.header_bytes());
  }
}

void LinkOutbound::begin(const Slot& slot, bool again) {
  Place& mine = place(begun_);
  const std::size_t header_bytes = slot.spec().header_bytes();
  mine.sequence = slot.header().sequence;
  mine.again = again;
  mine.bytes = slot.used_bytes().size() - header_bytes;

  mine.begun = Clock::now();
  copies_->copy(mine.payload->bytes().data(), slot.bytes().data() + header_bytes, mine.bytes);
  copies_->record(*mine.copied);

  TransferHead head;
  head.again = again ? 1 : 0;
  head.number = begun_;
  head.sequence = mine.sequence;
  head.bytes = mine.bytes;
  head.checksum = head.sum();
  std::memcpy(mine.message.data(), &head, sizeof head);
  std::memcpy(mine.message.data() + sizeof head, slot.bytes().data(), header_bytes);
  mine.told = messenger_.isend(mine.message, peer_, kHeaderTag);
  ++begun_;
}

std::uint64_t LinkOutbound::left() {
  hand_over();
  const std::uint64_t count = free_slots();
  finish_sent();
  meter_.look(freed_ < begun_, sent_ < user_.handed());
  return count;
}

void LinkOutbound::hand_over() {
  user_.hand_over(
      begun_,
      [this](std::uint64_t number) {
        Place& next = place(number);
        user_.stream().wait_for(*next.copied);
        user_.link().send(next.payload->bytes().first(next.bytes), user_.stream());
      },
      [this](std::uint64_t number) {
        Place& done = place(number);
        user_.stream().record(*done.sent);
        done.handed = Clock::now();
        done.deadline = user_.deadline();
      });
}

/// The header has been taken along by `begin`: a slot is free when its copy is done.
std::uint64_t LinkOutbound::free_slots() {
  std::uint64_t count = 0;
  for (; freed_ < begun_ && place(freed_).copied->done(); ++freed_) {
    const Place& copied = place(freed_);
    copy_lane_.add(stage::kCopyToDevice, copied.begun, copied.sequence, copied.bytes);
    count += copied.again ? 0 : 1;
  }
  return count;
}

void LinkOutbound::finish_sent() {
  while (sent_ < std::min(user_.handed(), freed_) && place(sent_).sent->done() && place(sent_).told.test()) {
    const Place& sent = place(sent_);
    transfer_lane_.add(stage::kSendToDevice, sent.handed, sent.sequence, sent.bytes);
    ++sent_;
  }
  if (sent_ == user_.handed()) return;
  const Place& first = place(sent_);
  user_.check(first.deadline, [&] { return fmt::format("rank {} to take batch {}", peer_, first.sequence); });
}

}  // namespace feedline

#include "device_slots.hpp"

#include "copy_payload.hpp"

#include <utility>

namespace feedline {

DeviceSlots::DeviceSlots(std::shared_ptr<DeviceRuntime> device, const BatchSpec& spec, std::size_t count)
    : device_(std::move(device)), spec_(spec), places_(count) {
  for (Place& place : places_) {
    place.block = device_->allocate(spec.slot_bytes());
    place.sums.emplace(*device_, spec.capacity());
    place.arrived = device_->make_event();
    place.used = device_->make_event();
  }
}

std::span<std::byte> DeviceSlots::payload(std::uint64_t sequence) const noexcept {
  return place(sequence).block->bytes().subspan(spec_.header_bytes());
}

Slot DeviceSlots::view(const Slot& header) const noexcept {
  return header.with_tensors_on(device_->device(), place(header.header().sequence).block->bytes().data());
}

void DeviceSlots::add_up(const Slot& header, std::uint64_t sequence, Stream& stream) {
  Place& mine = place(sequence);
  mine.sums->add_up(header, mine.block->bytes().data(), stream);
  stream.record(*mine.arrived);
}

std::span<const std::uint64_t> DeviceSlots::sums(std::uint64_t sequence) const noexcept {
  return place(sequence).sums->values();
}

void DeviceSlots::bring(const Slot& batch, Stream& uses) {
  Place& mine = place(batch.header().sequence);
  uses.wait_for(*mine.used);
  uses.wait_for(*mine.arrived);  // for the end of a transfer into this slot that was broken off
  copy_payload(batch, *mine.block, uses);
  uses.record(*mine.arrived);
  mine.arrived->wait();
}

std::uint64_t DeviceSlots::unused(std::uint64_t released) {
  while (unused_ < released && place(unused_).used->done()) ++unused_;
  return unused_;
}

}  // namespace feedline

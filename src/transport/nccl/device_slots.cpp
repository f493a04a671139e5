#include "device_slots.hpp"

#include <utility>

namespace feedline {

DeviceSlots::DeviceSlots(std::shared_ptr<DeviceRuntime> device, const BatchSpec& spec, std::size_t count)
    : device_(std::move(device)), spec_(spec), places_(count) {
  for (Place& place : places_) {
    place.block = device_->allocate(spec.slot_bytes());
    place.host_sums.resize(spec.capacity());
    const auto host = std::as_writable_bytes(std::span(place.host_sums));
    place.sums = device_->allocate(host.size());
    place.pinned = device_->pin(host);
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
  const SlotHeader& facts = header.header();
  const bool known = facts.shape < spec_.shapes() && facts.count <= spec_.layout(facts.shape).capacity();
  if (known && facts.count > 0) {
    const BatchLayout& layout = spec_.layout(facts.shape);
    const auto sums = mine.sums->bytes().first(facts.count * sizeof(std::uint64_t));
    stream.clear(sums.data(), sums.size());
    for (std::size_t tensor = 0; tensor < layout.tensors().size(); ++tensor) {
      stream.add_row_sums({mine.block->bytes().data() + layout.offset(tensor),
                           layout.tensors()[tensor].sample_bytes(), facts.count, first_place_of(tensor)},
                          reinterpret_cast<std::uint64_t*>(sums.data()));
    }
    stream.copy(mine.pinned->bytes().data(), sums.data(), sums.size());
  }
  stream.record(*mine.arrived);
}

std::span<const std::uint64_t> DeviceSlots::sums(std::uint64_t sequence) const noexcept {
  return place(sequence).host_sums;
}

void DeviceSlots::bring(const Slot& batch, Stream& uses) {
  Place& mine = place(batch.header().sequence);
  uses.wait_for(*mine.used);
  uses.wait_for(*mine.arrived);  // the end of a transfer that was broken off there
  const std::size_t header = spec_.header_bytes();
  uses.copy(mine.block->bytes().data() + header, batch.bytes().data() + header,
            batch.used_bytes().size() - header);
  uses.record(*mine.arrived);
  mine.arrived->wait();
}

std::uint64_t DeviceSlots::unused(std::uint64_t released) {
  while (unused_ < released && place(unused_).used->done()) ++unused_;
  return unused_;
}

}  // namespace feedline

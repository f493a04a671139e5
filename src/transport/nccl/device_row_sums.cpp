#include "device_row_sums.hpp"

namespace feedline {

DeviceRowSums::DeviceRowSums(DeviceRuntime& device, std::uint32_t rows) : here_(rows) {
  const auto host = std::as_writable_bytes(std::span(here_));
  there_ = device.allocate(host.size());
  pinned_ = device.pin(host);
}

void DeviceRowSums::add_up(const Slot& header, const std::byte* block, Stream& stream) {
  const SlotHeader& facts = header.header();
  const BatchSpec& spec = header.spec();
  const bool known = facts.bucket < spec.shapes() && facts.count <= spec.layout(facts.bucket).capacity();
  if (!known || facts.count == 0) return;
  const BatchLayout& layout = spec.layout(facts.bucket);
  const auto sums = there_->bytes().first(facts.count * sizeof(std::uint64_t));
  stream.clear(sums.data(), sums.size());
  for (std::size_t tensor = 0; tensor < layout.tensors().size(); ++tensor) {
    stream.add_row_sums({block + layout.offset(tensor), layout.tensors()[tensor].sample_bytes(), facts.count,
                         first_place_of(tensor)},
                        reinterpret_cast<std::uint64_t*>(sums.data()));
  }
  stream.copy(pinned_->bytes().data(), sums.data(), sums.size());
}

}  // namespace feedline

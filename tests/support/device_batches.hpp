#pragma once

#include "numbered_batches.hpp"
#include "test_device.hpp"

#include <feedline/device/device_runtime.hpp>

#include <cstddef>
#include <cstring>
#include <vector>

namespace feedline::testing {

/// Whether the batch, whose tensors are on the device, is the one of that number. Blocks.
inline bool is_numbered_on(DeviceRuntime& runtime, Stream& stream, const Slot& slot, std::uint64_t sequence) {
  std::vector<std::byte> host(slot.spec().slot_bytes());
  std::memcpy(host.data(), slot.bytes().data(), slot.spec().header_bytes());
  const Slot copy(host.data(), slot.spec());
  for (std::size_t tensor = 0; tensor < slot.layout().tensors().size(); ++tensor) {
    const std::size_t bytes = slot.layout().tensors()[tensor].sample_bytes() * slot.layout().capacity();
    const auto data = read_from(runtime, stream, {slot.tensor(tensor), bytes});
    std::memcpy(copy.tensor(tensor), data.data(), bytes);
  }
  return is_numbered(copy, sequence);
}

}  // namespace feedline::testing

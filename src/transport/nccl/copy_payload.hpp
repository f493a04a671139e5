#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/device/device_runtime.hpp>

namespace feedline {

/// Enqueues in `stream` a copy of everything after the header, from the host to the same place of a block on
/// the device.
inline void copy_payload(const Slot& batch, const DeviceMemory& block, Stream& stream) {
  const std::size_t header = batch.spec().header_bytes();
  stream.copy(block.bytes().data() + header, batch.bytes().data() + header, batch.layout().payload_bytes());
}

}  // namespace feedline

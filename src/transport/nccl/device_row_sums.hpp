#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/device/device_runtime.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace feedline {

/// The checksums of a batch's rows (ChecksumKind::kSum) computed by a device, with memory for them on the
/// device and on the host.
class DeviceRowSums {
 public:
  /// For batches of up to `rows` rows.
  DeviceRowSums(DeviceRuntime& device, std::uint32_t rows);

  /// Enqueues in `stream` the sums of the batch whose header is `header` and whose tensors lie on the device
  /// in `block`, a whole slot. An invalid header gives no sums.
  void add_up(const Slot& header, const std::byte* block, Stream& stream);

  /// Sums by row, valid once that work is done.
  std::span<const std::uint64_t> values() const noexcept { return here_; }

 private:
  std::vector<std::uint64_t> here_;
  std::unique_ptr<DeviceMemory> there_, pinned_;
};

}  // namespace feedline

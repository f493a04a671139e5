#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/device/device_runtime.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace feedline {

/// The checksums of a batch's rows (Checks::kSum) as a device works them out, and memory for them there and
/// here.
class DeviceRowSums {
 public:
  /// For batches of up to `rows` rows.
  DeviceRowSums(DeviceRuntime& device, std::uint32_t rows);

  /// Asks `stream` for the sums of the batch whose header is `header` and whose tensors are on the device, in
  /// `block`, a whole slot. A header that makes no sense gives no sums.
  void add_up(const Slot& header, const std::byte* block, Stream& stream);

  /// By row, when that work is done.
  std::span<const std::uint64_t> values() const noexcept { return here_; }

 private:
  std::vector<std::uint64_t> here_;
  std::unique_ptr<DeviceMemory> there_, pinned_;
};

}  // namespace feedline

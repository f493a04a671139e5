#pragma once

#include "device_row_sums.hpp"

#include <feedline/batch/slot.hpp>
#include <feedline/device/device_runtime.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace feedline {

/// The places of a device that batches arrive in, and the sums of their rows. The sequence of a batch
/// determines its place. One thread fills places and calls `unused`, another uses the batches; the ring of
/// headers beside it determines when each may do so.
class DeviceSlots {
 public:
  /// Throws DeviceError when the device has too little memory.
  DeviceSlots(std::shared_ptr<DeviceRuntime> device, const BatchSpec& spec, std::size_t count);

  std::size_t count() const noexcept { return places_.size(); }

  /// The destination of the batch's payload.
  std::span<std::byte> payload(std::uint64_t sequence) const noexcept;

  /// The batch of that header with its tensors in its place.
  Slot view(const Slot& header) const noexcept;

  /// Enqueues the sums of the rows of `header`'s batch, which already lies in its place, and records the
  /// place's `arrived` after them. An invalid header gives no sums.
  void add_up(const Slot& header, std::uint64_t sequence, Stream& stream);

  /// Whether the batch and its sums are on the device. Throws DeviceError.
  bool arrived(std::uint64_t sequence) { return place(sequence).arrived->done(); }

  /// Sums of the rows of a batch that has arrived.
  std::span<const std::uint64_t> sums(std::uint64_t sequence) const noexcept;

  /// Copies the batch, which follows its header in host memory, into its place. Blocks.
  void bring(const Slot& batch, Stream& uses);

  /// Marks that the user has enqueued all use of the batch in `uses`.
  void release(std::uint64_t sequence, Stream& uses) { uses.record(*place(sequence).used); }

  /// Returns how many of the first `released` batches are no longer in use. Never blocks.
  std::uint64_t unused(std::uint64_t released);

 private:
  struct Place {
    std::unique_ptr<DeviceMemory> block;  ///< A whole slot, whose header is unused
    std::optional<DeviceRowSums> sums;
    std::unique_ptr<Event> arrived, used;
  };

  Place& place(std::uint64_t sequence) noexcept { return places_[sequence % places_.size()]; }
  const Place& place(std::uint64_t sequence) const noexcept { return places_[sequence % places_.size()]; }

  std::shared_ptr<DeviceRuntime> device_;
  const BatchSpec& spec_;
  std::vector<Place> places_;
  std::uint64_t unused_ = 0;
};

}  // namespace feedline

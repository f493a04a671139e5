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

/// The places of a device that batches arrive in, and the sums of their rows. A batch's place follows from
/// its sequence number. One thread fills places and asks for `unused`, another uses the batches; who may do
/// so when follows from the ring of headers beside it.
class DeviceSlots {
 public:
  /// Throws DeviceError when the device has too little memory.
  DeviceSlots(std::shared_ptr<DeviceRuntime> device, const BatchSpec& spec, std::size_t count);

  std::size_t count() const noexcept { return places_.size(); }

  /// Where the batch's payload goes.
  std::span<std::byte> payload(std::uint64_t sequence) const noexcept;

  /// The batch of that header with its tensors in its place.
  Slot view(const Slot& header) const noexcept;

  /// Asks for the sums of the rows of `header`'s batch, which lies in its place by then, and sets the place's
  /// `arrived` behind them. A header that makes no sense gives no sums.
  void add_up(const Slot& header, std::uint64_t sequence, Stream& stream);

  /// Whether batch and sums are there. Throws DeviceError.
  bool arrived(std::uint64_t sequence) { return place(sequence).arrived->done(); }

  /// Of the rows of a batch that has arrived.
  std::span<const std::uint64_t> sums(std::uint64_t sequence) const noexcept;

  /// Copies the batch, which lies behind its header in host memory, into its place. Blocks.
  void bring(const Slot& batch, Stream& uses);

  /// Its user has asked for all use of the batch, in this stream.
  void release(std::uint64_t sequence, Stream& uses) { uses.record(*place(sequence).used); }

  /// Of the first `released` batches, how many are not used any more. Never blocks.
  std::uint64_t unused(std::uint64_t released);

 private:
  struct Place {
    std::unique_ptr<DeviceMemory> block;  ///< a whole slot, whose header is not used
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

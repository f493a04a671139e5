#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/data/device_transform.hpp>
#include <feedline/device/device_runtime.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace feedline {

/// The work that the data rank's device does on batches from the ring in host memory before they go over the
/// link. It has a few places, each for one batch at a time. One thread.
class Preparation {
 public:
  virtual ~Preparation() = default;

  /// The layout of the resulting batches.
  virtual const BatchSpec& makes() const noexcept = 0;

  /// Enqueues all the work in `stream`, and writes the header of the result to `header`, which has
  /// makes().header_bytes() bytes. The batch must stay unchanged until that work is done.
  virtual void begin(std::size_t place, const Slot& batch, std::span<std::byte> header, Stream& stream) = 0;

  /// Whether that header is complete at once; else `complete` completes it when the work is done.
  virtual bool header_is_whole() const noexcept = 0;
  virtual void complete(std::size_t place, std::span<std::byte> header) = 0;

  /// The payload, present or future, of the place: that of the batch with that header.
  std::span<const std::byte> payload(std::size_t place, std::span<std::byte> header) const noexcept {
    const std::size_t bytes = Slot(header.data(), makes()).layout().payload_bytes();
    return block(place).subspan(makes().header_bytes(), bytes);
  }

 private:
  /// A whole slot on the device, whose header is unused.
  virtual std::span<const std::byte> block(std::size_t place) const noexcept = 0;
};

/// Leaves batches of `spec` unchanged.
std::unique_ptr<Preparation> make_copy_preparation(std::shared_ptr<DeviceRuntime> device,
                                                   const BatchSpec& spec, std::size_t places);

/// Applies `transform`, of that device, to the batches. Rows are checked as they arrive there and get
/// checksums of their results; those of a damaged row are wrong, so that the receiver requests the batch
/// again.
std::unique_ptr<Preparation> make_transforming_preparation(std::shared_ptr<DeviceRuntime> device,
                                                           std::shared_ptr<DeviceTransform> transform,
                                                           std::size_t places);

}  // namespace feedline

#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/data/device_transform.hpp>
#include <feedline/device/device_runtime.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace feedline {

/// What the data rank's device does to batches from the ring in host memory before they go over the link. It
/// has a few places, each for one batch at a time. One thread.
class Preparation {
 public:
  virtual ~Preparation() = default;

  /// The batches that come out.
  virtual const BatchSpec& makes() const noexcept = 0;

  /// Asks `stream` for all of it, and writes the header of what comes out to `header`, of
  /// makes().header_bytes(). The batch must stay as it is until that work is done.
  virtual void begin(std::size_t place, const Slot& batch, std::span<std::byte> header, Stream& stream) = 0;

  /// Whether that header is whole at once; else `complete` makes it so when the work is done.
  virtual bool header_is_whole() const noexcept = 0;
  virtual void complete(std::size_t place, std::span<std::byte> header) = 0;

  /// What lies in the place, or will: the payload of the batch with that header.
  std::span<const std::byte> payload(std::size_t place, std::span<std::byte> header) const noexcept {
    const std::size_t bytes = Slot(header.data(), makes()).layout().payload_bytes();
    return block(place).subspan(makes().header_bytes(), bytes);
  }

 private:
  /// On the device, a whole slot, whose header is not used.
  virtual std::span<const std::byte> block(std::size_t place) const noexcept = 0;
};

/// Batches of `spec` stay as they are.
std::unique_ptr<Preparation> make_copy_preparation(std::shared_ptr<DeviceRuntime> device,
                                                   const BatchSpec& spec, std::size_t places);

/// Batches become what `transform`, of that device, makes of them. Rows are checked as they arrive there, and
/// get checksums of what they have become; those of a damaged row are wrong, so that the receiver wants the
/// batch once more.
std::unique_ptr<Preparation> make_transforming_preparation(std::shared_ptr<DeviceRuntime> device,
                                                           std::shared_ptr<DeviceTransform> transform,
                                                           std::size_t places);

}  // namespace feedline

#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/device/device_runtime.hpp>

namespace feedline {

/// Turns prepared batches into the batches that a model wants, on a device.
///
/// Thread rule: one thread at a time.
class DeviceTransform {
 public:
  virtual ~DeviceTransform() = default;

  /// The layouts of the batches it takes and of those it makes: a batch of shape i becomes one of shape i.
  virtual const BatchSpec& takes() const noexcept = 0;
  virtual const BatchSpec& makes() const noexcept = 0;

  /// Writes the header, notes and ids of `to` at once, sealed and without checksums of rows; enqueues its
  /// tensors in `stream` and never blocks. The slots are of the two specs, with their tensors on the device;
  /// the tensors of `from` must stay unchanged until that work is done, its header only until this call
  /// returns. Rows after the batch's count are left unchanged. Throws InternalError for slots of other specs,
  /// DeviceError.
  virtual void run(const Slot& from, const Slot& to, Stream& stream) = 0;
};

}  // namespace feedline

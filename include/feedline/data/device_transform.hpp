#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/device/device_runtime.hpp>

namespace feedline {

/// Makes of batches as they were prepared the batches that a model wants, on a device.
///
/// Thread rule: one thread at a time.
class DeviceTransform {
 public:
  virtual ~DeviceTransform() = default;

  /// What batches it takes, and what batches come out: a batch of shape i becomes one of shape i.
  virtual const BatchSpec& takes() const noexcept = 0;
  virtual const BatchSpec& makes() const noexcept = 0;

  /// Writes the header, notes and ids of `to` at once, sealed and without checksums of rows; asks `stream`
  /// for its tensors, and never blocks. The slots are of the two specs, with their tensors on the device;
  /// those of `from` must stay as they are until that work is done, its header only until this returns. Rows
  /// behind the batch's count are left as they are. Throws InternalError for slots of other specs,
  /// DeviceError.
  virtual void run(const Slot& from, const Slot& to, Stream& stream) = 0;
};

}  // namespace feedline

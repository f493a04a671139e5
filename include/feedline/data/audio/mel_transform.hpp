#pragma once

#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/data/device_transform.hpp>

#include <memory>
#include <vector>

namespace feedline {

/// The batches that recordings become: `mel`, float32 [n_mels, mel_frames of those samples], replaces `wave`,
/// float32 [samples]; `lengths`, int64 [] in frames, replaces `wave_length`, int64 [] in samples. `masks`, if
/// present (see MelMasks), are consumed and must be the last; other tensors stay. Throws InternalError when
/// `waves` has no such tensors.
BatchSpec mel_batches(const BatchSpec& waves, const MelSpec& spec);

/// The tensor of masks in a batch of waves.
TensorSpec masks_tensor();

/// The same for the tensors of one sample.
std::vector<TensorSpec> mel_tensors(const std::vector<TensorSpec>& waves, const MelSpec& spec);

/// Makes mel_batches of batches of `waves` on `device`, which must outlive the result; see DeviceLogMel for
/// the values and for recordings that are too short. All calls share one scratch: use one stream. `rank` is
/// for messages. Throws DeviceError, and InternalError like mel_batches.
std::unique_ptr<DeviceTransform> make_mel_transform(const BatchSpec& waves, const MelSpec& spec,
                                                    DeviceRuntime& device, int rank = 0);

}  // namespace feedline

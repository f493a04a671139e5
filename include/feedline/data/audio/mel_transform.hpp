#pragma once

#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/data/device_transform.hpp>

#include <memory>
#include <vector>

namespace feedline {

/// The batches that recordings become: in the place of `wave`, float32 [samples], stands `mel`, float32
/// [n_mels, mel_frames of those samples], in that of `wave_length`, int64 [] in samples, `lengths`, int64 []
/// in frames; `masks`, where there are some (see MelMasks), are used up and must be the last; other tensors
/// stay. Throws InternalError when `waves` has no such tensors.
BatchSpec mel_batches(const BatchSpec& waves, const MelSpec& spec);

/// How masks stand in a batch of waves.
TensorSpec masks_tensor();

/// The same of one sample's tensors.
std::vector<TensorSpec> mel_tensors(const std::vector<TensorSpec>& waves, const MelSpec& spec);

/// Makes mel_batches of batches of `waves` on `device`, which must outlive it; see DeviceLogMel for the
/// numbers and for what becomes of recordings that are too short. Its scratch is one: use one stream. `rank`
/// is for messages. Throws DeviceError; InternalError as mel_batches.
std::unique_ptr<DeviceTransform> make_mel_transform(const BatchSpec& waves, const MelSpec& spec,
                                                    DeviceRuntime& device, int rank = 0);

}  // namespace feedline

#pragma once

#include <feedline/data/audio/device_log_mel.hpp>

#include <cstdint>

namespace feedline {

/// Returns the number of frames to transform at a time, for batches of up to `room`: as many as `most_bytes`
/// of memory hold. All frames of the largest batch are one chunk if they fit, and equal chunks otherwise.
std::int32_t chunk_frames(const MelSpec& spec, const WaveRoom& room, std::uint64_t most_bytes);

/// Throws an InternalError for batches that `room` does not allow, and for spectrograms that do not fit their
/// place.
void check_batch(const MelSpec& spec, const WaveRoom& room, const WaveBatch& waves, const MelBatch& mels);

}  // namespace feedline

#pragma once

#include <feedline/data/audio/device_log_mel.hpp>

#include <cstdint>

namespace feedline {

/// How many frames are transformed at a time, for batches of up to `room`: as many as `most_bytes` of memory
/// hold, all of the largest batch if they can be, and equal parts of it otherwise.
std::int32_t chunk_frames(const MelSpec& spec, const WaveRoom& room, std::uint64_t most_bytes);

/// Throws InternalError for what `room` does not allow, or spectrograms that do not fit their place.
void check_batch(const MelSpec& spec, const WaveRoom& room, const WaveBatch& waves, const MelBatch& mels);

}  // namespace feedline

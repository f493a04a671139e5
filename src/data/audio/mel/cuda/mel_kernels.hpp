#pragma once

#include "audio/mel/mel_blocks.hpp"

#include <cuda_runtime_api.h>

#include <cstdint>

namespace feedline {

/// Asks `stream`, of the current device, for what fill_frame does to all frames of the chunk.
cudaError_t launch_fill_frames(const MelJob& job, const MelChunk& chunk, cudaStream_t stream);

/// The same for weigh_tile, behind the transform.
cudaError_t launch_weigh_tiles(const MelJob& job, const MelChunk& chunk, cudaStream_t stream);

/// Normalises and pads the spectrograms of `rows` rows, behind all chunks.
cudaError_t launch_finish(const MelJob& job, std::int32_t rows, cudaStream_t stream);

}  // namespace feedline

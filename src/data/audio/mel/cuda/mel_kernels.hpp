#pragma once

#include "audio/mel/mel_blocks.hpp"

#include <cuda_runtime_api.h>

#include <cstdint>

namespace feedline {

/// Enqueues fill_frame() for all frames of the chunk on `stream`, which must be of the current device.
cudaError_t launch_fill_frames(const MelJob& job, const MelChunk& chunk, cudaStream_t stream);

/// Enqueues weigh_tile() for the chunk, after the transform.
cudaError_t launch_weigh_tiles(const MelJob& job, const MelChunk& chunk, cudaStream_t stream);

/// Enqueues the normalisation and padding of the spectrograms of `rows` rows, after all chunks.
cudaError_t launch_finish(const MelJob& job, std::int32_t rows, cudaStream_t stream);

}  // namespace feedline

#include "gpu_block.cuh"
#include "mel_kernels.hpp"

namespace feedline {
namespace {

constexpr int kFrameThreads = 128;
constexpr int kTileThreads = 256;
constexpr int kRowThreads = 1024;
constexpr int kBandThreads = 128;
constexpr std::int32_t kMostTileFrames = 32;
constexpr std::size_t kMostTileBytes = 48 * 1024;  // what every device has without being asked

__global__ void __launch_bounds__(kFrameThreads) fill_frames(MelJob job, MelChunk chunk) {
  fill_frame(GpuBlock{}, job, chunk, blockIdx.x);
}

__global__ void __launch_bounds__(kTileThreads)
    weigh_tiles(MelJob job, MelChunk chunk, std::int32_t wide, bool staged) {
  extern __shared__ float tile[];
  weigh_tile(GpuBlock{}, job, chunk, blockIdx.x * wide, wide, staged ? tile : nullptr);
}

__global__ void __launch_bounds__(kRowThreads) find_largest_of_rows(MelJob job) {
  find_largest(GpuBlock{}, job, blockIdx.x);
}

__global__ void __launch_bounds__(kBandThreads) finish_bands(MelJob job) {
  finish_band(GpuBlock{}, job, blockIdx.x / job.math.bands, blockIdx.x % job.math.bands);
}

std::size_t tile_bytes(std::int32_t frames, std::int32_t n_fft) {
  return sizeof(float) * frames * ((n_fft / 2 + 1) | 1);
}

}  // namespace

cudaError_t launch_fill_frames(const MelJob& job, const MelChunk& chunk, cudaStream_t stream) {
  fill_frames<<<chunk.count, kFrameThreads, 0, stream>>>(job, chunk);
  return cudaGetLastError();
}

cudaError_t launch_weigh_tiles(const MelJob& job, const MelChunk& chunk, cudaStream_t stream) {
  std::int32_t wide = kMostTileFrames;
  while (wide > 1 && tile_bytes(wide, job.math.n_fft) > kMostTileBytes) wide /= 2;
  const std::size_t bytes = tile_bytes(wide, job.math.n_fft);
  const bool staged = bytes <= kMostTileBytes;
  const std::int32_t tiles = (chunk.count + wide - 1) / wide;
  weigh_tiles<<<tiles, kTileThreads, staged ? bytes : 0, stream>>>(job, chunk, wide, staged);
  return cudaGetLastError();
}

cudaError_t launch_finish(const MelJob& job, std::int32_t rows, cudaStream_t stream) {
  const MelNormalisation by = job.math.normalisation;
  if (by == MelNormalisation::kWhisper || by == MelNormalisation::kTopDb)
    find_largest_of_rows<<<rows, kRowThreads, 0, stream>>>(job);
  finish_bands<<<rows * job.math.bands, kBandThreads, 0, stream>>>(job);
  return cudaGetLastError();
}

}  // namespace feedline

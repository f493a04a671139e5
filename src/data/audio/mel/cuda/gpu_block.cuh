#pragma once

#include <cstdint>

namespace feedline {

/// A block of threads as mel_blocks.hpp wants it; x only, whole warps.
struct GpuBlock {
  template <class Work>
  __device__ void each(std::int32_t count, const Work& work) const {
    for (std::int32_t i = threadIdx.x; i < count; i += blockDim.x) work(i);
  }

  __device__ void meet() const { __syncthreads(); }

  template <class T, class Value>
  __device__ T sum(std::int32_t count, const Value& value) const {
    T mine = 0;
    each(count, [&](std::int32_t i) { mine += value(i); });
    return all_of(mine, [](T a, T b) { return a + b; });
  }

  template <class Value>
  __device__ float largest(std::int32_t count, const Value& value) const {
    float mine = -INFINITY;
    each(count, [&](std::int32_t i) { mine = fmaxf(mine, value(i)); });
    return all_of(mine, [](float a, float b) { return fmaxf(a, b); });
  }

 private:
  static constexpr int kWarp = 32;

  /// What `join` makes of the values of all threads, always in the same order.
  template <class T, class Join>
  __device__ T all_of(T value, const Join& join) const {
    __shared__ T of_warps[kWarp];
    for (int step = kWarp / 2; step > 0; step /= 2)
      value = join(value, __shfl_down_sync(0xFFFFFFFFu, value, step));
    __syncthreads();  // somebody may still read what was joined before
    if (threadIdx.x % kWarp == 0) of_warps[threadIdx.x / kWarp] = value;
    __syncthreads();
    T all = of_warps[0];
    for (int warp = 1; warp < blockDim.x / kWarp; ++warp) all = join(all, of_warps[warp]);
    return all;
  }
};

}  // namespace feedline

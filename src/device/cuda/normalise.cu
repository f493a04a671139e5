#include "normalise.hpp"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>
#include <cstdint>

namespace feedline {
namespace {

constexpr unsigned kThreads = 256;
constexpr std::size_t kMostBlocks = 1024;     // of a grid's x: each thread does several pixels then
constexpr std::uint32_t kMostAtOnce = 65535;  // of a grid's y

template <typename FloatType>
__device__ FloatType to_number(float value);
template <>
__device__ float to_number<float>(float value) {
  return value;
}
template <>
__device__ __nv_bfloat16 to_number<__nv_bfloat16>(float value) {
  return __float2bfloat16_rn(value);
}
template <>
__device__ __half to_number<__half>(float value) {
  return __float2half_rn(value);
}

/// Written at once.
template <typename FloatType>
struct alignas(4 * sizeof(FloatType)) Four {
  FloatType values[4];
};

/// Rounded twice, as on the CPU: not contracted to one instruction.
__device__ float normalised(std::uint8_t value, float scale, float shift) {
  return __fadd_rn(__fmul_rn(static_cast<float>(value), scale), shift);
}

/// Plane after plane, as the pictures lie. A row of blocks (y) a plane, of which each thread of x does four
/// neighbours at a time where they lie so.
template <typename FloatType>
__global__ void normalise_planes(const std::uint8_t* from, std::uint32_t plane, std::uint32_t channels,
                                 std::uint32_t first, const float* scales, const float* shifts, FloatType* to) {
  const std::uint32_t index = first + blockIdx.y;
  const float scale = scales[index % channels], shift = shifts[index % channels];
  const std::uint8_t* in = from + static_cast<std::size_t>(index) * plane;
  FloatType* out = to + static_cast<std::size_t>(index) * plane;
  const std::uint32_t thread = blockIdx.x * blockDim.x + threadIdx.x, threads = gridDim.x * blockDim.x;
  const bool in_fours = plane % 4 == 0 && reinterpret_cast<std::uintptr_t>(from) % 4 == 0 &&
                        reinterpret_cast<std::uintptr_t>(to) % alignof(Four<FloatType>) == 0;
  if (!in_fours) {
    for (std::uint32_t i = thread; i < plane; i += threads)
      out[i] = to_number<FloatType>(normalised(in[i], scale, shift));
    return;
  }
  for (std::uint32_t i = thread; i < plane / 4; i += threads) {
    const uchar4 four = reinterpret_cast<const uchar4*>(in)[i];
    reinterpret_cast<Four<FloatType>*>(out)[i] = {{to_number<FloatType>(normalised(four.x, scale, shift)),
                                                to_number<FloatType>(normalised(four.y, scale, shift)),
                                                to_number<FloatType>(normalised(four.z, scale, shift)),
                                                to_number<FloatType>(normalised(four.w, scale, shift))}};
  }
}

/// Pixel after pixel with all its channels. A row of blocks (y) a picture, a thread of x a pixel.
template <typename FloatType>
__global__ void normalise_pixels(const std::uint8_t* from, std::uint32_t plane, std::uint32_t channels,
                                 std::uint32_t first, const float* scales, const float* shifts, FloatType* to) {
  const std::size_t picture = static_cast<std::size_t>(first + blockIdx.y) * channels * plane;
  const std::uint32_t threads = gridDim.x * blockDim.x;
  for (std::uint32_t i = blockIdx.x * blockDim.x + threadIdx.x; i < plane; i += threads) {
    for (std::uint32_t c = 0; c < channels; ++c) {
      const std::uint8_t value = from[picture + static_cast<std::size_t>(c) * plane + i];
      to[picture + static_cast<std::size_t>(i) * channels + c] =
          to_number<FloatType>(normalised(value, scales[c], shifts[c]));
    }
  }
}

template <typename FloatType>
void launch(const Pictures& pictures, const Normalised& to, cudaStream_t stream) {
  const bool planes = to.layout == PictureLayout::kPlanes;
  const std::uint32_t items = planes ? pictures.count * pictures.channels : pictures.count;
  const std::size_t each = planes ? (pictures.plane + 3) / 4 : pictures.plane;
  const auto blocks =
      static_cast<std::uint32_t>(std::min<std::size_t>((each + kThreads - 1) / kThreads, kMostBlocks));
  const auto* from = reinterpret_cast<const std::uint8_t*>(pictures.data);
  auto* out = reinterpret_cast<FloatType*>(to.data);
  const auto kernel = planes ? normalise_planes<FloatType> : normalise_pixels<FloatType>;
  for (std::uint32_t first = 0; first < items; first += kMostAtOnce) {
    const dim3 grid(blocks, std::min(items - first, kMostAtOnce));
    kernel<<<grid, kThreads, 0, stream>>>(from, pictures.plane, pictures.channels, first, pictures.scale,
                                          pictures.shift, out);
  }
}

}  // namespace

cudaError_t launch_normalise(const Pictures& pictures, const Normalised& to, cudaStream_t stream) {
  switch (to.number) {
    case FloatType::kFloat32:
      launch<float>(pictures, to, stream);
      break;
    case FloatType::kBFloat16:
      launch<__nv_bfloat16>(pictures, to, stream);
      break;
    case FloatType::kFloat16:
      launch<__half>(pictures, to, stream);
      break;
  }
  return cudaGetLastError();
}

}  // namespace feedline

#include "row_sums.hpp"

#include <algorithm>

namespace feedline {
namespace {

constexpr unsigned kThreads = 256;
constexpr std::uint32_t kMostBlocksARow = 32;
constexpr std::uint32_t kMostRowsAtOnce = 65535;  // of a grid's y

// As in common/hash.hpp, for the device.
__device__ std::uint32_t weight_of(std::uint32_t place) {
  return (2 * place + 1) * 0x9E3779B1u;
}

/// The word at `place`, whatever its alignment; bytes behind the row's end are 0.
__device__ std::uint32_t word_at(const std::uint8_t* row, std::size_t bytes, std::size_t place) {
  std::uint32_t word = 0;
  for (std::size_t i = place * 4; i < min(bytes, place * 4 + 4); ++i)
    word |= static_cast<std::uint32_t>(row[i]) << (8 * (i - place * 4));
  return word;
}

__device__ std::uint64_t sum_of_warp(std::uint64_t sum) {
  for (int step = 16; step > 0; step /= 2) sum += __shfl_down_sync(0xFFFFFFFFu, sum, step);
  return sum;
}

/// One row a block column (y), its words shared by the blocks of x.
__global__ void row_sums(const std::uint8_t* data, std::size_t row_bytes, std::uint32_t first_row,
                         std::uint32_t first_place, unsigned long long* sums) {
  const std::size_t index = first_row + blockIdx.y;
  const std::uint8_t* row = data + index * row_bytes;
  const std::size_t words = (row_bytes + 3) / 4;
  const bool aligned = row_bytes % 4 == 0 && reinterpret_cast<std::uintptr_t>(data) % 4 == 0;
  std::uint64_t sum = 0;
  for (std::size_t i = blockIdx.x * blockDim.x + threadIdx.x; i < words; i += gridDim.x * blockDim.x) {
    const std::uint32_t word =
        aligned ? reinterpret_cast<const std::uint32_t*>(row)[i] : word_at(row, row_bytes, i);
    sum += static_cast<std::uint64_t>(word) * weight_of(first_place + static_cast<std::uint32_t>(i));
  }
  sum = sum_of_warp(sum);
  if (threadIdx.x % 32 == 0) atomicAdd(sums + index, static_cast<unsigned long long>(sum));
}

}  // namespace

cudaError_t launch_row_sums(const RowsToSum& rows, std::uint64_t* sums, cudaStream_t stream) {
  const std::size_t words = (rows.row_bytes + 3) / 4;
  const auto blocks =
      static_cast<std::uint32_t>(std::min<std::size_t>((words + kThreads - 1) / kThreads, kMostBlocksARow));
  for (std::uint32_t first = 0; first < rows.count; first += kMostRowsAtOnce) {
    const dim3 grid(blocks, std::min(rows.count - first, kMostRowsAtOnce));
    row_sums<<<grid, kThreads, 0, stream>>>(reinterpret_cast<const std::uint8_t*>(rows.data), rows.row_bytes,
                                            first, rows.first_place,
                                            reinterpret_cast<unsigned long long*>(sums));
  }
  return cudaGetLastError();
}

}  // namespace feedline

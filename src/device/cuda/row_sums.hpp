#pragma once

#include <feedline/device/device_runtime.hpp>

#include <cuda_runtime_api.h>

#include <cstdint>

namespace feedline {

/// Asks `stream`, of the current device, for Stream::add_row_sums. `rows` must not be empty.
cudaError_t launch_row_sums(const RowsToSum& rows, std::uint64_t* sums, cudaStream_t stream);

}  // namespace feedline

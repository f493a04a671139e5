#pragma once

#include <feedline/device/device_runtime.hpp>

#include <cuda_runtime_api.h>

#include <cstdint>

namespace feedline {

/// Enqueues Stream::add_row_sums on `stream` of the current device. `rows` must not be empty.
cudaError_t launch_row_sums(const RowsToSum& rows, std::uint64_t* sums, cudaStream_t stream);

}  // namespace feedline

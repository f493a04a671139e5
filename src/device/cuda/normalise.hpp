#pragma once

#include <feedline/device/device_runtime.hpp>

#include <cuda_runtime_api.h>

namespace feedline {

/// Enqueues Stream::normalise on `stream` of the current device. `pictures` must not be empty.
cudaError_t launch_normalise(const Pictures& pictures, const Normalised& to, cudaStream_t stream);

}  // namespace feedline

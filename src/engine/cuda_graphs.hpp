#pragma once

#include "step_graphs.hpp"

#include <torch/torch.h>

#include <memory>

namespace feedline {

/// Records the work enqueued in the calling thread's current stream of that CUDA device, as CUDA graphs that
/// share one memory pool: they must not run at the same time, and the results of one are valid until the next
/// runs. Other threads may use the device meanwhile. Null in a build without CUDA.
std::unique_ptr<WorkRecorder> make_cuda_recorder(torch::Device device);

}  // namespace feedline

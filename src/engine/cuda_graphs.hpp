#pragma once

#include "step_graphs.hpp"

#include <torch/torch.h>

#include <memory>

namespace feedline {

/// Records what the calling thread's current stream of that CUDA device is asked for, as CUDA graphs that
/// share one pool of memory: they must not run at the same time, and what one leaves there is good until the
/// next runs. Other threads may use the device meanwhile. Null in a build without CUDA.
std::unique_ptr<WorkRecorder> make_cuda_recorder(torch::Device device);

}  // namespace feedline

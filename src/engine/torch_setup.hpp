#pragma once

#include <feedline/engine/learner.hpp>

#include <torch/torch.h>

namespace feedline {

/// Sets up torch for this process and thread: threads, seed, and how memory is kept between steps. The thread
/// that calls it is the one that trains.
void set_up_torch(const TrainOptions& options);

/// The torch device of that name. Throws DeviceError when it cannot be trained on.
torch::Device torch_device(const std::string& name);

/// Makes `device` the calling thread's, and has all its work there go into that cudaStream_t, which must
/// outlive its tensors; null: into a stream of torch's, not the default one, as that cannot be recorded.
/// Returns it.
void* use_cuda_stream(void* stream, torch::Device device);

/// The part of a torch error that says what is wrong, without its stack.
std::string torch_message(const std::exception& error);

}  // namespace feedline

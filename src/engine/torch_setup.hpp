#pragma once

#include <feedline/engine/learner.hpp>

#include <torch/torch.h>

namespace feedline {

/// Sets up torch for this process and thread: threads, seed, and how memory is kept between steps. The
/// training thread calls it.
void set_up_torch(const TrainSettings& options);

/// The torch device of that name. Throws DeviceError when it cannot be trained on.
torch::Device torch_device(const std::string& name);

/// Makes `device` the calling thread's device and puts all its work there into the given cudaStream_t, which
/// must outlive its tensors; null: into a stream of torch's other than the default one, which cannot be
/// recorded. Returns the stream.
void* use_cuda_stream(void* stream, torch::Device device);

/// The part of a torch error that gives the reason, without its stack.
std::string torch_message(const std::exception& error);

}  // namespace feedline

#include "torch_setup.hpp"

#include "script_error.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <malloc.h>

#include <exception>
#include <string>

#ifdef FEEDLINE_TORCH_CUDA
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>
#endif

namespace feedline {
namespace {

/// Keeps freed blocks in the process. Torch allocates the same megabytes in every step, and by default glibc
/// returns them to the kernel each time. Faulting the pages in again can take longer than the step's work.
void keep_freed_memory() {
  constexpr int kLargestThreshold = 32 << 20;  // the most that glibc accepts
  constexpr int kNeverTrim = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kLargestThreshold);
  mallopt(M_TRIM_THRESHOLD, kNeverTrim);
}

}  // namespace

void set_up_torch(const TrainSettings& options) {
  keep_freed_memory();
  at::set_num_threads(options.train_threads);
  // It can be set only once, before torch's pool is first used.
  if (at::get_num_interop_threads() != 1) at::set_num_interop_threads(1);
  torch::manual_seed(options.seed);
}

bool cuda_training_available() {
#ifdef FEEDLINE_TORCH_CUDA
  return torch::cuda::is_available();
#else
  return false;
#endif
}

torch::Device torch_device(const std::string& name) {
  const torch::Device device(name);
  if (device.is_cuda() && !cuda_training_available()) {
    throw DeviceError(
        fmt::format("The model cannot be trained on '{}': this build of feedline, or this machine, has "
                    "no CUDA that torch can use. Train on the CPU with --device cpu.",
                    name));
  }
  return device;
}

void* use_cuda_stream(void* stream, [[maybe_unused]] torch::Device device) {
#ifdef FEEDLINE_TORCH_CUDA
  const auto index = device.has_index() ? device.index() : c10::cuda::current_device();
  c10::cuda::set_device(index);
  const c10::cuda::CUDAStream used =
      stream != nullptr ? c10::cuda::getStreamFromExternal(static_cast<cudaStream_t>(stream), index)
                        : c10::cuda::getStreamFromPool(/*isHighPriority=*/false, index);
  c10::cuda::setCurrentCUDAStream(used);
  stream = used.stream();
#endif
  return stream;
}

std::string torch_message(const std::exception& error) {
  const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
  return explain_torch_error(torch_error != nullptr ? torch_error->what_without_backtrace() : error.what());
}

}  // namespace feedline

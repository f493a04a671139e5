#pragma once

#include <cstddef>
#include <string>

namespace feedline {

// The program's fixed messages; people and tools look for them word for word. Lines are parted by '\n', the
// last one has none. Devices are "cpu" or "cuda:N"; a GPU is shown by its number, the CPU as "CPU".

/// What Multi-GPU Mode starts with.
std::string multi_gpu_banner(const std::string& data_device, const std::string& model_device,
                             std::size_t buffer_size);

/// What Single-GPU Buffered Mode starts with.
std::string single_gpu_banner(const std::string& device, std::size_t buffer_size);

/// `delay` in seconds.
std::string waiting_message(double delay);

std::string training_starts();

}  // namespace feedline

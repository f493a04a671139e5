#pragma once

#include <cstddef>
#include <string>

namespace feedline {

// The program's fixed messages. People and tools search for their exact text. Lines are separated by '\n',
// with none after the last. Devices are "cpu" or "cuda:N"; a GPU is shown by its number, the CPU as "CPU".

/// Returns the first lines of Multi-GPU Mode. `buffer_size` is in batches.
std::string multi_gpu_banner(const std::string& data_device, const std::string& model_device,
                             std::size_t buffer_size);

/// Returns the first lines of Single-GPU Buffered Mode. `buffer_size` is in batches.
std::string single_gpu_banner(const std::string& device, std::size_t buffer_size);

/// Returns the message about the start delay. `delay` is in seconds.
std::string waiting_message(double delay);

std::string training_starts();

}  // namespace feedline

#pragma once

#include <feedline/checkpoint/checkpoint_folder.hpp>

#include <torch/torch.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// Writes the tensors as a file that Python's torch.load opens: a dict of tensors by name.
void save_tensors(const NamedTensors& tensors, const ByteSink& sink);

/// Reads such a file back, in its order. Throws UsageError naming the file.
NamedTensors load_tensors(const std::filesystem::path& path);

}  // namespace feedline

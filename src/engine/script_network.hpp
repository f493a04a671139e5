#pragma once

#include "network.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace feedline {

/// Loads a TorchScript file as a network; its parameters are trained in place. It may have any layers, so a
/// batch's gradient need not be the sum of those of its parts. It is tried on two empty pictures before use.
/// Throws UsageError when there is no such file, it is not TorchScript, it has nothing to train, it is not
/// float, or its output is not [B,classes].
std::unique_ptr<Classifier> load_script(const std::filesystem::path& path, const PictureShape& shape,
                                        std::int64_t classes, torch::Device device);

}  // namespace feedline

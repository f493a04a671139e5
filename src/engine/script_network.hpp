#pragma once

#include "network.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace feedline {

/// A TorchScript file as a network; its parameters are trained in place. Its layers may be any, so a batch's
/// gradient need not be the sum of its parts'. Tried on two empty pictures before it is used.
/// Throws UsageError: no such file, not TorchScript, nothing to train, not float, or not [B,classes] out of
/// it.
std::unique_ptr<Classifier> load_script(const std::filesystem::path& path, const PictureShape& shape,
                                        std::int64_t classes, torch::Device device);

}  // namespace feedline

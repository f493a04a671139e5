#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace feedline {

/// Names a trained tensor of a checkpoint, or a tensor of its optimizer, with values that are not finite
/// ("model.pt: 'fc.weight'"); std::nullopt when all are finite, or when the checkpoint has no model. A run
/// cannot continue from such a checkpoint. Throws UsageError when a file is damaged.
std::optional<std::string> not_finite_in(const std::filesystem::path& checkpoint);

}  // namespace feedline

#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace feedline {

/// What of a checkpoint's trained tensors, or of its optimizer's, holds values that are not finite
/// ("model.pt: 'fc.weight'"); nothing when all are, or when the checkpoint has no model. A run cannot go on
/// from it. Throws UsageError when a file is damaged.
std::optional<std::string> not_finite_in(const std::filesystem::path& checkpoint);

}  // namespace feedline

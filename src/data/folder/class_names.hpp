#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// Returns two of these names that differ in their bytes and look the same, or std::nullopt when there are
/// none.
std::optional<std::pair<std::string, std::string>> find_look_alikes(const std::vector<std::string>& names);

}  // namespace feedline

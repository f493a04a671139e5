#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// Two of these names that are written in other bytes but look the same; nothing when there are none.
std::optional<std::pair<std::string, std::string>> find_look_alikes(const std::vector<std::string>& names);

}  // namespace feedline

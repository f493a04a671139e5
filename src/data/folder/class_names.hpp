#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// A name in Unicode's composed form (NFC), in which names that look the same are the same; as it is where it
/// is not UTF-8.
std::string composed(const std::string& name);

/// Two of these names that are written in other bytes but look the same; nothing when there are none.
std::optional<std::pair<std::string, std::string>> find_look_alikes(const std::vector<std::string>& names);

}  // namespace feedline

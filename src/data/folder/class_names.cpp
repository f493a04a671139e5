#include "class_names.hpp"

#include "name_forms.hpp"

#include <map>

namespace feedline {

std::optional<std::pair<std::string, std::string>> find_look_alikes(const std::vector<std::string>& names) {
  std::map<std::string, std::string> seen;
  for (const std::string& name : names) {
    const auto [known, is_new] = seen.emplace(composed_name(name), name);
    if (!is_new) return std::pair(known->second, name);
  }
  return std::nullopt;
}

}  // namespace feedline

#include "recording_id.hpp"

#include <algorithm>
#include <vector>

namespace feedline {

std::optional<std::string> recording_id(std::string_view id) {
  std::string slashed(id);
  std::replace(slashed.begin(), slashed.end(), '\\', '/');
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= slashed.size();) {
    const std::size_t end = std::min(slashed.find('/', start), slashed.size());
    const std::string_view part = std::string_view(slashed).substr(start, end - start);
    start = end + 1;
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      return std::nullopt;
    } else {
      parts.pop_back();
    }
  }
  if (parts.empty()) return std::nullopt;
  std::string path = slashed.starts_with('/') ? "/" : "";
  for (const std::string_view part : parts) path.append(path.empty() || path == "/" ? "" : "/").append(part);
  return path;
}

}  // namespace feedline

#include "recording_name.hpp"

#include <feedline/data/file_kind.hpp>

#include <strings.h>

namespace feedline {

std::string_view without_recording_ending(std::string_view name) noexcept {
  for (const std::string_view ending : recording_files().endings) {
    if (name.size() <= ending.size()) continue;
    const std::string_view stem = name.substr(0, name.size() - ending.size());
    if (strncasecmp(stem.data() + stem.size(), ending.data(), ending.size()) == 0) return stem;
  }
  return name;
}

}  // namespace feedline

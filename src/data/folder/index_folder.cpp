#include <feedline/data/class_folder.hpp>

#include <cstdlib>

namespace feedline {

std::filesystem::path default_index_folder() {
  // The XDG base directory specification has relative paths ignored; one of HOME would lie wherever this is
  // started.
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && cache[0] == '/')
    return std::filesystem::path(cache) / "feedline/index";
  const char* home = std::getenv("HOME");
  return home != nullptr && home[0] == '/' ? std::filesystem::path(home) / ".cache/feedline/index"
                                           : std::filesystem::path();
}

}  // namespace feedline

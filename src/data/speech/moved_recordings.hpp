#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace feedline {

/// Finds the recordings of a folder by paths that name them elsewhere, such as "/home/other/set/wavs/a.wav"
/// or "DUMMY1/a.wav".
///
/// Thread rule: one thread at a time.
class MovedRecordings {
 public:
  explicit MovedRecordings(std::filesystem::path folder);

  /// Returns the rest of an absolute path that leads into the folder; std::nullopt for any other path.
  std::optional<std::string> inside(std::string_view path) const;

  /// Returns the recordings with the base name of `path`, relative to the folder; of several, those that
  /// share the most folders with it, from the end on. The folder and the folders below it are listed once.
  std::vector<std::string> of_base_name(std::string_view path);

 private:
  void list();

  std::filesystem::path folder_;
  std::vector<std::string> prefixes_;  ///< Absolute paths of the folder, ending in "/"
  bool listed_ = false;
  std::unordered_map<std::string, std::vector<std::string>>
      by_stem_;  ///< Sorted paths by folded name without ending
};

}  // namespace feedline

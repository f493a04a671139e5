#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace feedline {

/// Finds recordings by what a path of another place ends in: of "/home/other/set/wavs/a.wav" or
/// "DUMMY1/a.wav". One thread at a time.
class MovedRecordings {
 public:
  explicit MovedRecordings(std::filesystem::path folder);

  /// What is left of an absolute path that lies in the folder; nothing for any other.
  std::optional<std::string> inside(std::string_view path) const;

  /// The recordings with the base name of `path`, relative to the folder; of several those that have most
  /// folders in common with it, from the end on. The folder, and what lies below it, is listed once.
  std::vector<std::string> of_base_name(std::string_view path);

 private:
  void list();

  std::filesystem::path folder_;
  std::vector<std::string> prefixes_;  ///< of absolute paths into the folder, ending in "/"
  bool listed_ = false;
  std::unordered_map<std::string, std::vector<std::string>> by_stem_;  ///< folded, without ending; sorted
};

}  // namespace feedline

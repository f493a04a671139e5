#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace feedline {

/// Finds the recordings that the ids of metadata.csv name. Each folder is listed once, when an id first needs
/// it. One thread at a time.
class RecordingFinder {
 public:
  explicit RecordingFinder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The recording's path relative to the folder. Tried, each in the folder and in its wavs/: the id with
  /// each ending of recordings and as it is (first, when it has an ending); then the same without regard to
  /// case and to how accents are composed. `id` must not lead out of the folder.
  std::optional<std::string> find(std::string_view id);

  /// The first paths that `find` tries, for the message when there is none.
  static std::vector<std::string> first_tried(std::string_view id);

 private:
  struct Entry {
    std::string name;
    bool is_folder;
  };

  struct Listing {
    std::unordered_map<std::string, bool> folders;  ///< name -> whether it is one
    std::unordered_map<std::string, Entry> folded;  ///< by the name's folded form, the first in order
  };

  const Listing& list(const std::string& folder);
  bool is_there(const std::string& path);
  std::optional<std::string> find_folded(const std::string& path);

  std::filesystem::path folder_;
  std::unordered_map<std::string, Listing> listings_;  ///< by the folder's path, "" or ending in "/"
};

}  // namespace feedline

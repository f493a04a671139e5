#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace feedline {

/// Identifies a file independently of its name. A symbolic link stands for the file that it leads to.
struct FileKey {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  bool operator==(const FileKey&) const = default;
  auto operator<=>(const FileKey&) const = default;
};

/// Finds the recordings that the ids of metadata.csv name. Each folder is listed once, when an id first needs
/// it.
///
/// Thread rule: one thread at a time.
class RecordingFinder {
 public:
  explicit RecordingFinder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Returns the recording's path relative to the folder. The search tries the id with each ending of
  /// recordings and as it is (first, when it has an ending), in the folder and in its wavs/; then the same
  /// names regardless of case, composition of accents and invisible marks. `id` must not lead out of the
  /// folder. Throws DataError for a folder that cannot be listed, and when there are several names that
  /// differ from the id, and from each other, only in such ways.
  std::optional<std::string> find(std::string_view id);

  /// Returns another recording that `id` names too, when `path`, the result of `find`, comes first only by
  /// its folder or ending; std::nullopt when the result is unambiguous.
  std::optional<std::string> find_other(std::string_view id, const std::string& path);

  /// Returns the file of a path that `find` returned. Asks the file system only for links.
  FileKey key_of(const std::string& path);

  /// Returns whether two paths with the same key are one file, because some file systems give several files
  /// the same number.
  bool is_same_file(const std::string& one, const std::string& other) const;

  /// Returns the first paths that `find` tries, for the message when there is no recording.
  static std::vector<std::string> first_tried(std::string_view id);

 private:
  struct Entry {
    std::string name;
    bool is_folder;
    std::uint64_t inode;  ///< 0 for a link
  };

  struct Listing {
    std::uint64_t device = 0;
    std::set<std::string> endings;  ///< Endings of its recordings, in their spelling
    std::unordered_map<std::string, Entry> names;
    std::unordered_map<std::string, std::vector<Entry>>
        folded;  ///< Sorted entries by the folded form of their name
  };

  const Listing& list(const std::string& folder);
  bool is_there(const std::string& path);
  std::optional<std::string> find_folded(const std::string& path);

  std::filesystem::path folder_;
  std::unordered_map<std::string, Listing>
      listings_;  ///< Listings by the folder's path, which is "" or ends in "/"
};

}  // namespace feedline

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

/// Tells a file from others, whatever its name; what is behind a symbolic link is the file.
struct FileKey {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  bool operator==(const FileKey&) const = default;
  auto operator<=>(const FileKey&) const = default;
};

/// Finds the recordings that the ids of metadata.csv name. Each folder is listed once, when an id first needs
/// it. One thread at a time.
class RecordingFinder {
 public:
  explicit RecordingFinder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The recording's path relative to the folder. Tried, each in the folder and in its wavs/: the id with
  /// each ending of recordings and as it is (first, when it has an ending); then the same without regard to
  /// case, to how accents are composed and to marks that cannot be seen. `id` must not lead out of the
  /// folder. Throws DataError for a folder that cannot be listed, and when only names that differ in such
  /// ways from the id and from each other are there.
  std::optional<std::string> find(std::string_view id);

  /// Another recording that `id` names as well as `path`, which `find` gave for it and which comes first only
  /// by its place or ending; nothing when that is clear.
  std::optional<std::string> find_other(std::string_view id, const std::string& path);

  /// Which file a path is that `find` gave. Asks the file system for links only.
  FileKey key_of(const std::string& path);

  /// Whether two paths of one key are one file. Some file systems number files so that several have one
  /// number.
  bool is_same_file(const std::string& one, const std::string& other) const;

  /// The first paths that `find` tries, for the message when there is none.
  static std::vector<std::string> first_tried(std::string_view id);

 private:
  struct Entry {
    std::string name;
    bool is_folder;
    std::uint64_t inode;  ///< 0: a link
  };

  struct Listing {
    std::uint64_t device = 0;
    std::set<std::string> endings;  ///< of its recordings, as they are written
    std::unordered_map<std::string, Entry> names;
    std::unordered_map<std::string, std::vector<Entry>> folded;  ///< by the name's folded form, in order
  };

  const Listing& list(const std::string& folder);
  bool is_there(const std::string& path);
  std::optional<std::string> find_folded(const std::string& path);

  std::filesystem::path folder_;
  std::unordered_map<std::string, Listing> listings_;  ///< by the folder's path, "" or ending in "/"
};

}  // namespace feedline

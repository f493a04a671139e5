#pragma once

#include <feedline/common/posix.hpp>
#include <feedline/data/class_folder.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace feedline {

/// The places of recordings by number. Any thread.
class RecordingList {
 public:
  /// `paths` lie below `root`. Throws a DataError when the root cannot be opened.
  RecordingList(std::filesystem::path root, std::vector<std::string> paths);

  /// Returns the list of all files of the folder, with the folder's numbers.
  static RecordingList of(const ClassFolder& folder);

  std::size_t size() const noexcept { return paths_.size(); }
  const std::filesystem::path& root() const noexcept { return root_; }

  /// Returns the descriptor of the root, for openat.
  int root_fd() const noexcept { return root_fd_.get(); }

  const char* path(std::size_t id) const noexcept { return paths_[id].c_str(); }

  /// Returns the whole path, for messages.
  std::string describe(std::size_t id) const { return (root_ / paths_[id]).string(); }

 private:
  std::filesystem::path root_;
  UniqueFd root_fd_;
  std::vector<std::string> paths_;
};

}  // namespace feedline

#pragma once

#include <feedline/common/posix.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace feedline {

struct FolderListing;

/// The pictures of a folder that holds a folder a class: .jpg, .jpeg, .jpe, .jfif and .png files, also in
/// sub-folders of a class and behind symbolic links. Sorted by name, byte by byte, so that a picture's number
/// depends on the names only. Names may be in any encoding.
///
/// The list is remembered in an index file, which is used as long as none of the folders has changed.
///
/// Thread rule: const after opening, for any number of threads. Move-only.
class ImageFolder {
 public:
  /// What was not taken.
  struct LeftOut {
    std::uint64_t hidden = 0;       ///< names that begin with a dot
    std::uint64_t other_types = 0;  ///< other endings, and files that are in no class
    std::uint64_t unreadable_folders = 0;
  };

  /// Lists the pictures of `root`, from the index if it still holds. Index files are kept in `index_folder`;
  /// empty: not at all. Throws DataError when there are no pictures a class, or they lie one folder deeper.
  static ImageFolder open(const std::filesystem::path& root, const std::filesystem::path& index_folder);

  ImageFolder(ImageFolder&&) noexcept;
  ImageFolder& operator=(ImageFolder&&) noexcept;
  ~ImageFolder();

  std::uint64_t size() const noexcept;

  /// Names of the classes; their position is the label.
  const std::vector<std::string>& classes() const noexcept;

  std::uint32_t label(std::uint64_t id) const noexcept;

  /// Path of a picture from the root, for openat(root_fd(), ...).
  const char* relative_path(std::uint64_t id) const noexcept;

  int root_fd() const noexcept { return root_fd_.get(); }
  const std::filesystem::path& root() const noexcept { return root_; }
  const LeftOut& left_out() const noexcept;
  bool from_index() const noexcept { return from_index_; }

  /// Whole path of a picture, for messages.
  std::string describe(std::uint64_t id) const;

 private:
  ImageFolder(std::filesystem::path root, UniqueFd root_fd, FolderListing listing, bool from_index);

  std::filesystem::path root_;
  UniqueFd root_fd_;
  std::unique_ptr<const FolderListing> listing_;
  bool from_index_ = false;
};

/// Where index files are kept: $XDG_CACHE_HOME/feedline/index, or ~/.cache/feedline/index; empty when neither
/// is known.
std::filesystem::path default_index_folder();

}  // namespace feedline

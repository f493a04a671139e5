#pragma once

#include <feedline/data/image/image_folder.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

/// A folder that was walked, and how it was then: it has changed when any of this has.
struct FolderStamp {
  std::string path;  ///< from the root; empty: the root itself
  std::int64_t modified_ns = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  bool operator==(const FolderStamp&) const = default;
};

/// What is known of a folder of pictures: one block of names, with no allocation a picture.
struct FolderListing {
  std::vector<std::string> classes;
  std::vector<char> names;             ///< paths from the root, each ended by a zero
  std::vector<std::uint64_t> offsets;  ///< of each picture's path in `names`
  std::vector<std::uint64_t> ends;     ///< of each class: the number of the picture behind its last
  std::vector<FolderStamp> folders;
  ImageFolder::LeftOut left_out;
};

/// The stamp of folder `path` under `root_fd` as it is now; throws std::system_error.
FolderStamp stamp_folder(int root_fd, const std::string& path);

/// Walks the folder, its classes side by side on `threads` threads. Classes without pictures are left in,
/// with no pictures. Throws std::system_error when the root cannot be read.
FolderListing scan_folder(int root_fd, int threads);

}  // namespace feedline

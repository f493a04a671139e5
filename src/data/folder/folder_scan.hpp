#pragma once

#include "class_walk.hpp"

#include <cstdint>
#include <vector>

namespace feedline {

/// What a look into every folder found.
struct FolderScan {
  std::int64_t started_ns = 0;      ///< on the system clock, before the first folder was read
  WalkedFolder root;                ///< its path is "."
  std::vector<ClassFiles> classes;  ///< sorted bytewise by name, also those without a picture
  Findings findings;                ///< of the root and of all classes

  std::uint64_t files() const noexcept;

  /// Whether a later change is certain to show in a folder's stamp. It may not when the folder was changed
  /// shortly before it was read: file systems keep time in steps of up to 2 s (FAT).
  bool lasting() const noexcept;
};

/// Reads `root_fd` and all folders below it, a class a thread, on all cores that this process may use.
/// `root_fd` must be a folder that can be read; throws DataError naming `root` when it no longer is.
FolderScan scan_folder(int root_fd, const std::filesystem::path& root, const FileKind& kind);

}  // namespace feedline

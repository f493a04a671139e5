#pragma once

#include "class_walk.hpp"

#include <cstdint>
#include <vector>

namespace feedline {

/// The result of a scan of all folders.
struct FolderScan {
  std::int64_t started_ns = 0;  ///< Time on the system clock before the first folder was read
  WalkedFolder root;            ///< Root folder, whose path is "."
  /// Classes, sorted bytewise by name, including those without a picture
  std::vector<ClassFiles> classes;
  Findings findings;  ///< Findings in the root and in all classes

  std::uint64_t files() const noexcept;

  /// Returns whether a later change is certain to show in a folder's stamp. It may not show when the folder
  /// was changed shortly before it was read: file systems keep time in steps of up to 2 s (FAT).
  bool lasting() const noexcept;
};

/// Reads `root_fd` and all folders below it, on all cores that this process may use, with one thread per
/// class. `root_fd` must be a readable folder; throws a DataError that names `root` when it can no longer be
/// read.
FolderScan scan_folder(int root_fd, const std::filesystem::path& root, const FileKind& kind);

}  // namespace feedline

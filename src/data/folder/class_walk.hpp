#pragma once

#include "folder_reader.hpp"
#include "other_kinds.hpp"

#include <feedline/data/class_folder.hpp>
#include <feedline/data/file_kind.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

/// What was met on a walk, besides files of the kind.
struct Findings {
  ClassFolder::LeftOut left_out;
  bool broken_links = false;
  OtherKinds others;
  std::string unreadable;  ///< the first folder that cannot be read, and why: "cat/old cannot be read:
                           ///< Permission denied"

  void add(const Findings& other);

  /// Notes what was not taken and is no folder.
  void note_other(const std::string& path, EntryKind kind);

  /// Notes that the folder `path` cannot be read, because of the error `reason`.
  void note_unreadable(const std::string& path, int reason);

  /// Whether the same walk can find more although no folder's stamp differs: a folder may be made readable,
  /// and the target of a link appear.
  bool may_get_better() const noexcept { return broken_links || left_out.unreadable_folders > 0; }
};

struct WalkedFolder {
  std::string path;  ///< below the root
  FolderStamp stamp;
};

/// The files of one class.
struct ClassFiles {
  std::string name;
  std::string paths;                   ///< below the root, each ends with a NUL, in no order
  std::vector<std::uint64_t> offsets;  ///< where each begins in `paths`, sorted bytewise by path
  std::vector<WalkedFolder> folders;
  Findings findings;

  const char* path(std::uint64_t offset) const noexcept { return paths.data() + offset; }
};

/// Lists the files of `kind` in folder `name` of the root and in all folders below it. No folder is walked
/// twice, and `root`, the root's id, not at all: that ends links that go round. Any thread.
ClassFiles walk_class(int root_fd, const std::string& name, const FolderId& root, const FileKind& kind);

}  // namespace feedline

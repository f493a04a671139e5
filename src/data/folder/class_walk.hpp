#pragma once

#include "folder_reader.hpp"
#include "other_kinds.hpp"

#include <feedline/data/class_folder.hpp>
#include <feedline/data/file_kind.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

/// Everything that a walk met besides files of the kind.
struct Findings {
  ClassFolder::LeftOut left_out;
  bool broken_links = false;
  OtherKinds others;
  /// The first folder that cannot be read, and the reason: "cat/old cannot be read: Permission denied"
  std::string unreadable;

  void add(const Findings& other);

  /// Notes an entry that was left out and is no folder.
  void note_other(const std::string& path, EntryKind kind);

  /// Notes that the folder `path` cannot be read because of the error `reason`.
  void note_unreadable(const std::string& path, int reason);

  /// Returns whether the same walk can find more although no folder's stamp differs: a folder can become
  /// readable, and the target of a link can appear.
  bool may_get_better() const noexcept { return broken_links || left_out.unreadable_folders > 0; }
};

struct WalkedFolder {
  std::string path;  ///< Path below the root
  FolderStamp stamp;
};

/// The files of one class.
struct ClassFiles {
  std::string name;
  std::string paths;                   ///< Paths below the root, each with a final NUL, in no order
  std::vector<std::uint64_t> offsets;  ///< Begin of each path in `paths`, sorted bytewise by path
  std::vector<WalkedFolder> folders;
  Findings findings;

  const char* path(std::uint64_t offset) const noexcept { return paths.data() + offset; }
};

/// Lists the files of `kind` in the folder `name` of the root and in all folders below it. No folder is
/// walked twice, and the folder with the id `root` not at all, so that circular links end. Any thread.
ClassFiles walk_class(int root_fd, const std::string& name, const FolderId& root, const FileKind& kind);

}  // namespace feedline

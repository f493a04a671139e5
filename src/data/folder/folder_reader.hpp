#pragma once

#include <feedline/common/unique_handle.hpp>

#include <dirent.h>

#include <compare>
#include <cstdint>
#include <optional>

namespace feedline {

/// Which folder it is, however it was reached.
struct FolderId {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  auto operator<=>(const FolderId&) const = default;
};

/// Differs once a name in the folder was added, removed or changed. The time of the last change of the inode
/// is in it because rsync and tar put the modification time back.
struct FolderStamp {
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  bool operator==(const FolderStamp&) const = default;
};

/// Stamp of the folder `path` below `root_fd`, links followed; nothing when it is no folder.
std::optional<FolderStamp> stamp_of(int root_fd, const char* path);

enum class EntryKind { kFile, kFolder, kOther, kBroken };

struct DirTraits {
  using Type = DIR*;
  static Type null() noexcept { return nullptr; }
  static void close(Type dir) noexcept { ::closedir(dir); }
};

/// Reads the names in a folder, but for "." and "..", in the file system's order. For one thread at a time.
class FolderReader {
 public:
  /// The folder `path` below `root_fd`, links followed; nothing, and the reason in errno, when it cannot be
  /// read.
  static std::optional<FolderReader> open(int root_fd, const char* path);

  const FolderId& id() const noexcept { return id_; }

  /// As it was before the first name was read.
  const FolderStamp& stamp() const noexcept { return stamp_; }

  /// The next name, valid until the next call; null at the end, or when reading failed.
  const dirent* next() noexcept;

  /// What the name stands for, links followed: asks the file only when the folder itself does not tell.
  EntryKind kind(const dirent& entry) const noexcept;

  /// Whether the names ended early.
  bool failed() const noexcept { return error_ != 0; }

  /// Why they did, as errno has it.
  int error() const noexcept { return error_; }

 private:
  FolderReader(DirTraits::Type dir, FolderId id, const FolderStamp& stamp) noexcept
      : dir_(dir), id_(id), stamp_(stamp) {}

  UniqueHandle<DirTraits> dir_;
  FolderId id_;
  FolderStamp stamp_;
  int error_ = 0;
};

}  // namespace feedline

#pragma once

#include <feedline/common/unique_handle.hpp>

#include <dirent.h>

#include <compare>
#include <cstdint>
#include <optional>

namespace feedline {

/// Identifies a folder, whatever path led to it.
struct FolderId {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  auto operator<=>(const FolderId&) const = default;
};

/// Changes when a name in the folder is added, removed or changed. The time of the inode's last change is
/// part of it because rsync and tar restore the modification time.
struct FolderStamp {
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  bool operator==(const FolderStamp&) const = default;
};

/// Returns the stamp of the folder `path` below `root_fd`, following links, or std::nullopt when it is no
/// folder.
std::optional<FolderStamp> stamp_of(int root_fd, const char* path);

enum class EntryKind { kFile, kFolder, kOther, kBroken };

struct DirTraits {
  using Type = DIR*;
  static Type null() noexcept { return nullptr; }
  static void close(Type dir) noexcept { ::closedir(dir); }
};

/// Reads the names in a folder, except "." and "..", in the file system's order. For one thread at a time.
class FolderReader {
 public:
  /// Opens the folder `path` below `root_fd`, following links. Returns std::nullopt, with the reason in
  /// errno, when it cannot be read.
  static std::optional<FolderReader> open(int root_fd, const char* path);

  const FolderId& id() const noexcept { return id_; }

  /// Returns the stamp from before the first name was read.
  const FolderStamp& stamp() const noexcept { return stamp_; }

  /// Returns the next entry, valid until the next call, or null at the end or when reading failed.
  const dirent* next() noexcept;

  /// Returns the kind of file that the name stands for, following links. Queries the file only when the
  /// folder's entry does not hold the kind.
  EntryKind kind(const dirent& entry) const noexcept;

  /// Returns whether the names ended early because reading failed.
  bool failed() const noexcept { return error_ != 0; }

  /// Returns the errno of that failure.
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

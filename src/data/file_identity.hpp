#pragma once

#include <cstdint>
#include <optional>

namespace feedline {

/// Tells a file, as it is, from any other file and from itself after a change. The time of the last change of
/// the inode is in it because rsync and tar put the modification time back.
struct FileIdentity {
  std::uint64_t inode = 0;
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  bool operator==(const FileIdentity&) const = default;
};

/// Of `name` below `folder_fd`; nothing when it is not there.
std::optional<FileIdentity> identify_file(int folder_fd, const char* name) noexcept;

}  // namespace feedline

#pragma once

#include <cstdint>
#include <optional>

namespace feedline {

/// Distinguishes a file in its present state from any other file, and from itself after a change. The time of
/// the inode's last change is part of it because rsync and tar restore the modification time. A storage whose
/// files are not files of the system fills in other values, which must change whenever the bytes may have
/// changed.
struct FileIdentity {
  std::uint64_t inode = 0;
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  bool operator==(const FileIdentity&) const = default;
};

/// Returns the identity of `name` below `folder_fd`, or std::nullopt if it is not there.
std::optional<FileIdentity> identify_file(int folder_fd, const char* name) noexcept;

}  // namespace feedline

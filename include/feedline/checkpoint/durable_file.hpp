#pragma once

#include <feedline/common/hash.hpp>
#include <feedline/common/posix.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace feedline {

/// Throws std::filesystem::filesystem_error with what errno says.
[[noreturn]] void throw_file_error(const char* what, const std::filesystem::path& path);

/// What a file holds, in two numbers.
struct FileDigest {
  std::uint64_t bytes = 0;
  std::uint64_t hash = 0;  ///< XXH3
  bool operator==(const FileDigest&) const = default;
};

/// A new file that is on the disk when `finish` has returned. Every function throws
/// std::filesystem::filesystem_error with the path.
class DurableFile {
 public:
  /// Fails when there is such a file already.
  explicit DurableFile(std::filesystem::path path);

  void write(std::span<const std::byte> bytes);

  /// Blocks until the disk has it (fsync), then closes it.
  FileDigest finish();

 private:
  std::filesystem::path path_;
  UniqueFd fd_;
  Hasher hasher_;
  std::uint64_t bytes_ = 0;
};

/// Reads the whole file. Throws std::filesystem::filesystem_error.
FileDigest digest_of(const std::filesystem::path& path);

/// Blocks until the disk has the folder's list of names: a rename in it is only then there to stay.
void sync_folder(const std::filesystem::path& folder);

}  // namespace feedline

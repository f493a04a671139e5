#pragma once

#include <feedline/common/hash.hpp>
#include <feedline/common/posix.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace feedline {

/// Throws std::filesystem::filesystem_error with the error in errno.
[[noreturn]] void throw_file_error(const char* what, const std::filesystem::path& path);

/// The content of a file in two numbers.
struct FileDigest {
  std::uint64_t bytes = 0;
  std::uint64_t hash = 0;  ///< XXH3
  bool operator==(const FileDigest&) const = default;
};

/// A new file that is on the disk once `finish` has returned. Every function throws
/// std::filesystem::filesystem_error with the path.
class DurableFile {
 public:
  /// Creates the file. Throws when it already exists.
  explicit DurableFile(std::filesystem::path path);

  void write(std::span<const std::byte> bytes);

  /// Blocks until the file is on the disk (fsync), then closes it and returns its digest.
  FileDigest finish();

 private:
  std::filesystem::path path_;
  UniqueFd fd_;
  Hasher hasher_;
  std::uint64_t bytes_ = 0;
};

/// Reads the whole file and returns its digest. Throws std::filesystem::filesystem_error.
FileDigest digest_of(const std::filesystem::path& path);

/// Blocks until the folder's list of names is on the disk. A rename in it is durable only after that.
void sync_folder(const std::filesystem::path& folder);

}  // namespace feedline

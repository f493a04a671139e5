#pragma once

#include <feedline/common/unique_handle.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

struct gzFile_s;

namespace feedline {

struct GzipTraits {
  using Type = gzFile_s*;
  static Type null() noexcept { return nullptr; }
  static void close(Type file) noexcept;
};

/// Reads a file that may be gzip, which is detected by its content and not by its name. It reads piece by
/// piece, so that the caller limits the number of unpacked bytes.
class GzipReader {
 public:
  /// Throws a DataError that names the file when it is missing or unreadable.
  explicit GzipReader(std::filesystem::path path);

  /// Appends up to `bytes` unpacked bytes to `out`, and fewer only at the end of the file. Throws a DataError
  /// when the file is truncated or damaged.
  void read(std::vector<std::uint8_t>& out, std::size_t bytes);

  /// Returns the largest number of bytes that the file can hold, unpacked. Call it after the first read.
  std::uint64_t most_bytes() const noexcept;

 private:
  void check(int got);

  std::filesystem::path path_;
  UniqueHandle<GzipTraits> file_;
  std::uint64_t packed_bytes_ = 0;
};

}  // namespace feedline

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

/// Reads a file that may be gzip, told by its content and not by its name, piece by piece: whoever reads
/// bounds how much is unpacked.
class GzipReader {
 public:
  /// Throws DataError naming the file when it is missing or unreadable.
  explicit GzipReader(std::filesystem::path path);

  /// Appends up to `bytes` unpacked bytes to `out`, fewer only at the end of the file. Throws DataError when
  /// the file is truncated or damaged.
  void read(std::vector<std::uint8_t>& out, std::size_t bytes);

  /// Bytes that the file can hold at most, unpacked; to be asked after the first read.
  std::uint64_t most_bytes() const noexcept;

 private:
  void check(int got);

  std::filesystem::path path_;
  UniqueHandle<GzipTraits> file_;
  std::uint64_t packed_bytes_ = 0;
};

}  // namespace feedline

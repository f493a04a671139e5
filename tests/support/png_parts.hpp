#pragma once

#include "exif_blocks.hpp"

#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace feedline::testing {

inline constexpr std::size_t kPngHeaderEnd = 33;
inline constexpr std::size_t kPngEndBytes = 12;

/// One chunk; with a wrong checksum when it is not `intact`.
inline std::string png_chunk(std::string_view type, std::string_view content, bool intact = true) {
  std::string covered(type);
  covered += content;
  const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(covered.data()), covered.size());
  return number(content.size(), 4, false) + covered + number(sum ^ (intact ? 0U : 1U), 4, false);
}

inline std::string packed(std::string_view text) {
  std::string out(compressBound(static_cast<uLong>(text.size())), '\0');
  uLongf bytes = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &bytes, reinterpret_cast<const Bytef*>(text.data()),
           static_cast<uLong>(text.size()));
  out.resize(bytes);
  return out;
}

/// `file` with `chunks` before its palette and pixels.
inline std::vector<std::byte> with_chunks(std::vector<std::byte> file, std::string_view chunks,
                                          std::size_t at = kPngHeaderEnd) {
  const auto* begin = reinterpret_cast<const std::byte*>(chunks.data());
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), begin, begin + chunks.size());
  return file;
}

/// `file` with `chunks` behind its pixels.
inline std::vector<std::byte> with_chunks_behind(const std::vector<std::byte>& file,
                                                 std::string_view chunks) {
  return with_chunks(file, chunks, file.size() - kPngEndBytes);
}

}  // namespace feedline::testing

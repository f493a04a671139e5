#pragma once

#include "exif_blocks.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace feedline::testing {

inline unsigned byte_of(const std::vector<std::byte>& file, std::size_t at) {
  return std::to_integer<unsigned>(file[at]);
}

/// Where the marker begins, at the latest the start of the first scan; `from` is the start of a marker.
inline std::size_t find_marker(const std::vector<std::byte>& file, unsigned marker, std::size_t from = 2) {
  while (byte_of(file, from + 1) != marker && byte_of(file, from + 1) != 0xDA)
    from += 2 + (byte_of(file, from + 2) << 8 | byte_of(file, from + 3));
  return from;
}

/// `file` without what this marker begins, as often as it comes before the first scan.
inline std::vector<std::byte> without_marker(std::vector<std::byte> file, unsigned marker) {
  std::size_t at = find_marker(file, marker);
  while (byte_of(file, at + 1) == marker) {
    const auto begin = file.begin() + static_cast<std::ptrdiff_t>(at);
    file.erase(begin,
               begin + static_cast<std::ptrdiff_t>(2 + (byte_of(file, at + 2) << 8 | byte_of(file, at + 3))));
    at = find_marker(file, marker, at);
  }
  return file;
}

/// `file` with this marker as its first, or behind those that it begins with.
inline std::vector<std::byte> with_marker(std::vector<std::byte> file, unsigned marker,
                                          std::string_view content, std::size_t at = 2) {
  std::vector<std::byte> added = {std::byte{0xFF}, static_cast<std::byte>(marker),
                                  static_cast<std::byte>((content.size() + 2) >> 8),
                                  static_cast<std::byte>((content.size() + 2) & 255)};
  for (const char letter : content) added.push_back(static_cast<std::byte>(letter));
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), added.begin(), added.end());
  return file;
}

/// `file` with an EXIF block that declares `orientation`.
inline std::vector<std::byte> with_orientation(const std::vector<std::byte>& file, int orientation) {
  return with_marker(file, 0xE1, exif_start() + tiff_block(3, orientation));
}

/// `file` up to this share of its data, and an end marker.
inline std::vector<std::byte> cut_with_end(std::vector<std::byte> file, double share) {
  file.resize(static_cast<std::size_t>(share * static_cast<double>(file.size())));
  file.push_back(std::byte{0xFF});
  file.push_back(std::byte{0xD9});
  return file;
}

/// The first scan of a file, and an end marker.
inline std::vector<std::byte> first_scan(std::vector<std::byte> file) {
  std::size_t at = find_marker(file, 0xDA) + 2;
  while (byte_of(file, at) != 0xFF || byte_of(file, at + 1) == 0) ++at;
  file.resize(at + 2);
  file[at + 1] = std::byte{0xD9};
  return file;
}

}  // namespace feedline::testing

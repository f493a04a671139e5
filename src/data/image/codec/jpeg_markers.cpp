#include "jpeg_markers.hpp"

#include "exif.hpp"

namespace feedline {
namespace {

constexpr unsigned kApp1 = 0xE1;
constexpr unsigned kStartOfScan = 0xDA;
constexpr unsigned kEndOfImage = 0xD9;
constexpr unsigned kFill = 0xFF;

unsigned byte_at(std::span<const std::byte> file, std::size_t at) {
  return std::to_integer<unsigned>(file[at]);
}

}  // namespace

int jpeg_orientation(std::span<const std::byte> file) noexcept {
  std::size_t at = 2;
  while (at + 4 <= file.size() && byte_at(file, at) == kFill) {
    const unsigned marker = byte_at(file, at + 1);
    if (marker == kFill) {
      ++at;
      continue;
    }
    const std::size_t length = byte_at(file, at + 2) << 8 | byte_at(file, at + 3);
    if (marker == kStartOfScan || length < 2 || length > file.size() - at - 2) return 1;
    const auto content = file.subspan(at + 4, length - 2);
    if (marker == kApp1) {
      if (const int orientation = exif_orientation(content); orientation != 1) return orientation;
    }
    at += 2 + length;
  }
  return 1;
}

bool jpeg_has_end(std::span<const std::byte> file) noexcept {
  std::size_t end = file.size();
  while (end > 0 && (byte_at(file, end - 1) == 0 || byte_at(file, end - 1) == '\n')) --end;
  return end >= 2 && byte_at(file, end - 2) == kFill && byte_at(file, end - 1) == kEndOfImage;
}

}  // namespace feedline

#include "jpeg_markers.hpp"

#include "exif.hpp"
#include "xmp.hpp"

#include <cstring>
#include <string_view>
#include <vector>

namespace feedline {
namespace {

constexpr unsigned kApp1 = 0xE1;
constexpr unsigned kStartOfScan = 0xDA;
constexpr unsigned kEndOfImage = 0xD9;
constexpr unsigned kFirstRestart = 0xD0;
constexpr unsigned kTemporary = 0x01;
constexpr unsigned kFill = 0xFF;
constexpr std::string_view kXmpStart{"http://ns.adobe.com/xap/1.0/\0", 29};

unsigned byte_at(std::span<const std::byte> file, std::size_t at) {
  return std::to_integer<unsigned>(file[at]);
}

bool starts_with(std::span<const std::byte> content, std::string_view start) noexcept {
  return content.size() >= start.size() && std::memcmp(content.data(), start.data(), start.size()) == 0;
}

/// Calls `see(marker, content)` for every marker with content before the first scan.
template <class See>
void for_each_marker(std::span<const std::byte> file, const See& see) {
  std::size_t at = 2;
  while (at + 4 <= file.size()) {
    const unsigned marker = byte_at(file, at + 1);
    if (byte_at(file, at) != kFill || marker == 0 || marker == kFill) {
      ++at;  // between markers, libjpeg reads on to the next
      continue;
    }
    if (marker == kStartOfScan || marker == kEndOfImage) return;
    if (marker == kTemporary || (marker >= kFirstRestart && marker < kEndOfImage)) {
      at += 2;
      continue;
    }
    const std::size_t length = byte_at(file, at + 2) << 8 | byte_at(file, at + 3);
    if (length < 2 || length > file.size() - at - 2) return;
    see(marker, file.subspan(at + 4, length - 2));
    at += 2 + length;
  }
}

/// The metadata of a JPEG file that says how it is to be turned. An EXIF block that is too long for a marker
/// goes on in the next; of several XMP packets the last one holds.
struct Metadata {
  std::span<const std::byte> exif;
  std::vector<std::byte> joined;  ///< when it comes in several markers
  std::span<const std::byte> xmp;

  void add_exif(std::span<const std::byte> content) {
    if (exif.empty()) {
      exif = content;
      return;
    }
    if (joined.empty()) joined.assign(exif.begin(), exif.end());
    const auto rest = content.subspan(kExifStart.size());
    joined.insert(joined.end(), rest.begin(), rest.end());
    exif = joined;
  }
};

Metadata find_metadata(std::span<const std::byte> file) {
  Metadata found;
  for_each_marker(file, [&found](unsigned marker, std::span<const std::byte> content) {
    if (marker != kApp1) return;
    if (starts_with(content, kExifStart)) found.add_exif(content);
    if (starts_with(content, kXmpStart)) found.xmp = content.subspan(kXmpStart.size());
  });
  return found;
}

}  // namespace

int jpeg_orientation(std::span<const std::byte> file) {
  const Metadata found = find_metadata(file);
  if (const auto orientation = exif_orientation(found.exif)) return *orientation;
  return xmp_orientation({reinterpret_cast<const char*>(found.xmp.data()), found.xmp.size()}).value_or(1);
}

std::string_view jpeg_exif_damage(std::span<const std::byte> file) {
  const Metadata found = find_metadata(file);
  return found.exif.empty() ? std::string_view{} : exif_damage(found.exif);
}

bool jpeg_has_end(std::span<const std::byte> file) noexcept {
  std::size_t end = file.size();
  while (end > 0 && (byte_at(file, end - 1) == 0 || byte_at(file, end - 1) == '\n')) --end;
  return end >= 2 && byte_at(file, end - 2) == kFill && byte_at(file, end - 1) == kEndOfImage;
}

}  // namespace feedline

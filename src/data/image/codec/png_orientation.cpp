#include "png_orientation.hpp"

#include "exif.hpp"
#include "png_chunks.hpp"
#include "png_text.hpp"
#include "xmp.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {
namespace {

struct Metadata {
  std::optional<PngChunk> exif, profile, xmp;
};

Metadata find_metadata(std::span<const std::byte> file) {
  Metadata found;
  PngChunks chunks(file);
  while (const auto chunk = chunks.next()) {
    if (!chunk->is_metadata()) continue;
    const std::string_view keyword = png_keyword(*chunk);
    std::optional<PngChunk>* place = nullptr;
    if (chunk->type == "eXIf" || (chunk->type == "tEXt" && keyword == "exif")) place = &found.exif;
    if (keyword == "Raw profile type exif") place = &found.profile;
    if (keyword == "XML:com.adobe.xmp") place = &found.xmp;
    if (place != nullptr && chunk->is_intact()) *place = chunk;
  }
  return found;
}

int digit(char letter) noexcept {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

/// The bytes that follow the third line of a profile, in hexadecimal; empty when they are no such digits.
std::vector<std::byte> profile_bytes(std::string_view text) {
  for (int line = 0; line < 3; ++line) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  std::vector<std::byte> bytes;
  int upper = -1;
  for (const char letter : text) {
    if (letter == '\n' || letter == '\r' || letter == ' ') continue;
    const int value = digit(letter);
    if (value < 0) return {};
    if (upper >= 0) bytes.push_back(static_cast<std::byte>(upper << 4 | value));
    upper = upper >= 0 ? -1 : value;
  }
  return bytes;
}

std::optional<int> orientation_of_exif(const Metadata& found) {
  if (found.exif) {
    const bool is_text = found.exif->type == "tEXt";
    return exif_orientation(is_text ? found.exif->content.subspan(5) : found.exif->content);
  }
  if (!found.profile) return std::nullopt;
  return exif_orientation(profile_bytes(png_text(*found.profile).value_or("")));
}

}  // namespace

int png_orientation(std::span<const std::byte> file) {
  const Metadata found = find_metadata(file);
  if (const auto orientation = orientation_of_exif(found)) return *orientation;
  if (!found.xmp) return 1;
  return xmp_orientation(png_text(*found.xmp).value_or("")).value_or(1);
}

}  // namespace feedline

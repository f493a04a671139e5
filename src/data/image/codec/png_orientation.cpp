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

constexpr std::string_view kExifKeyword{"exif\0", 5};

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

/// Its EXIF block, wherever it is; nothing when it has none.
std::optional<std::vector<std::byte>> exif_block(const Metadata& found) {
  if (found.exif) {
    const auto content = found.exif->content.subspan(found.exif->type == "tEXt" ? kExifKeyword.size() : 0);
    return std::vector<std::byte>(content.begin(), content.end());
  }
  if (!found.profile) return std::nullopt;
  return profile_bytes(png_text(*found.profile).value_or(""));
}

}  // namespace

int png_orientation(std::span<const std::byte> file) {
  const Metadata found = find_metadata(file);
  const auto block = exif_block(found);
  if (const auto orientation = block ? exif_orientation(*block) : std::nullopt) return *orientation;
  if (!found.xmp) return 1;
  return xmp_orientation(png_text(*found.xmp).value_or("")).value_or(1);
}

std::string_view png_orientation_damage(std::span<const std::byte> file) {
  const Metadata found = find_metadata(file);
  if (found.exif && found.exif->content.empty()) return {};  // nothing is there to be read
  if (const auto block = exif_block(found)) {
    if (const auto damage = exif_damage(*block); !damage.empty()) return damage;
  }
  return found.xmp && !png_text(*found.xmp) ? "its XMP packet cannot be read" : "";
}

}  // namespace feedline

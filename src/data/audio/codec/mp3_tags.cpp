#include "mp3_tags.hpp"

#include "bytes.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace feedline {
namespace {

constexpr std::size_t kId3v2 = 10, kId3v1 = 128, kApe = 32, kLyricsEnd = 15, kLyricsSize = 6;

std::size_t number(std::span<const std::byte> bytes, std::size_t at) noexcept {
  std::size_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8U | std::to_integer<std::size_t>(bytes[at + i]);
  return value;
}

/// Its size is written in four times seven bits.
std::size_t id3v2_bytes(std::span<const std::byte> bytes) noexcept {
  std::size_t size = 0;
  for (std::size_t i = 6; i < kId3v2; ++i) {
    const auto part = std::to_integer<std::size_t>(bytes[i]);
    if (part > 127) return 0;
    size = size << 7U | part;
  }
  const bool has_footer = (bytes[5] & std::byte{0x10}) != std::byte{0};
  return size + (has_footer ? 2 : 1) * kId3v2;
}

/// Of the tag that ends where `bytes` do.
std::size_t last_tag_bytes(std::span<const std::byte> bytes) noexcept {
  const std::string_view text = text_of(bytes);
  if (bytes.size() >= kId3v1 && text.substr(bytes.size() - kId3v1).starts_with("TAG")) return kId3v1;
  if (bytes.size() >= kApe && text.substr(bytes.size() - kApe).starts_with("APETAGEX")) {
    const std::size_t footer = bytes.size() - kApe;
    const bool has_header = (bytes[footer + 23] & std::byte{0x80}) != std::byte{0};
    return number(bytes, footer + 12) + (has_header ? kApe : 0);
  }
  if (bytes.size() >= kLyricsEnd && text.ends_with("LYRICS200")) {
    const std::string_view digits = text.substr(bytes.size() - kLyricsEnd, kLyricsSize);
    std::size_t size = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), size);
    return size + kLyricsEnd;
  }
  return 0;
}

}  // namespace

std::size_t mp3_tag_bytes(std::span<const std::byte> bytes) noexcept {
  const std::string_view text = text_of(bytes);
  std::size_t size = 0;
  if (text.starts_with("ID3") && bytes.size() >= kId3v2) size = id3v2_bytes(bytes);
  if (text.starts_with("TAG")) size = kId3v1;
  if (text.starts_with("APETAGEX") && bytes.size() >= kApe) size = number(bytes, 12) + kApe;
  return std::min(size, bytes.size());
}

std::span<const std::byte> without_last_tags(std::span<const std::byte> file) noexcept {
  for (;;) {
    const std::size_t size = last_tag_bytes(file);
    if (size == 0 || size > file.size()) return file;
    file = file.first(file.size() - size);
  }
}

}  // namespace feedline

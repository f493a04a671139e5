#include "sample_size.hpp"

#include "bytes.hpp"
#include "decode_error.hpp"
#include "mp3_tags.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace feedline {
namespace {

constexpr std::size_t kAuHeader = 24;

/// Where a file says how many bytes its samples have, highest byte first.
struct SampleSize {
  std::size_t at = 0, width = 4;
  std::size_t begin = 0;  ///< of what is counted
  std::uint64_t said = 0;
  bool chunks_follow = true;  ///< whether any may
  std::size_t chunk_header = 8;
};

std::uint64_t number(std::span<const std::byte> bytes, std::size_t at, std::size_t width) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8U | std::to_integer<std::uint64_t>(bytes[at + i]);
  return value;
}

/// Of the first chunk of this name; chunks are filled up to `align` bytes.
std::optional<SampleSize> find_chunk(std::span<const std::byte> file, std::string_view name, std::size_t at,
                                     std::size_t width, std::size_t align) {
  const std::size_t header = 4 + width;
  while (at + header <= file.size()) {
    const std::uint64_t size = number(file, at + 4, width);
    if (text_of(file.subspan(at)).starts_with(name))
      return SampleSize{at + 4, width, at + header, size, true, header};
    if (size > file.size() - at - header) return std::nullopt;
    at += header + size + size % align;
  }
  return std::nullopt;
}

std::optional<SampleSize> find_size(std::span<const std::byte> file) {
  const std::string_view text = text_of(file);
  if (text.starts_with("FORM") && file.size() > 12 && text.substr(8, 3) == "AIF")
    return find_chunk(file, "SSND", 12, 4, 2);
  if (text.starts_with("caff")) return find_chunk(file, "data", 8, 8, 1);
  if (!text.starts_with(".snd") || file.size() < kAuHeader) return std::nullopt;
  const std::uint64_t begin = number(file, 4, 4);
  if (begin < kAuHeader || begin > file.size()) return std::nullopt;
  return SampleSize{8, 4, begin, number(file, 8, 4), false};
}

bool is_recording(std::string_view text) noexcept {
  return text.starts_with("FORM") || text.starts_with("caff") || text.starts_with(".snd");
}

/// Whether nothing lies behind the samples but what may: chunks, tags, silence.
bool ends_well(std::span<const std::byte> file, const SampleSize& size, std::uint64_t end) {
  const auto behind = file.subspan(end);
  if (is_recording(text_of(behind)) || (!behind.empty() && is_recording(text_of(behind.subspan(1)))))
    throw DecodeError("another recording follows in it; take them apart");
  if (is_silence(behind)) return true;
  if (without_last_tags(file).size() <= end) return true;
  if (!size.chunks_follow) return false;
  for (const std::size_t at : {0, 1}) {
    if (behind.size() < at + size.chunk_header) return true;
    const auto name = text_of(behind.subspan(at, 4));
    if (std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; }) &&
        number(behind, at + 4, size.width) <= behind.size() - at - size.chunk_header)
      return true;
  }
  return false;
}

}  // namespace

SoundLinks correct_sample_size(std::span<const std::byte> file) {
  SoundLinks found;
  const auto size = find_size(file);
  if (!size) return found;
  const std::uint64_t there = file.size() - size->begin;
  const std::uint64_t most = size->width == 4 ? 0xFFFFFFFFU : ~std::uint64_t{0};
  const bool fits = size->said != most && size->said <= there;
  if (fits && ends_well(file, *size, size->begin + size->said)) return found;
  found.truncated = !fits && size->said != most;
  SoundLink link;
  link.front.assign(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size->begin));
  for (std::size_t i = 0; i < size->width; ++i)
    link.front[size->at + i] = static_cast<std::byte>(there >> (8 * (size->width - 1 - i)) & 0xFFU);
  link.rest = file.subspan(size->begin);
  found.links.push_back(std::move(link));
  return found;
}

}  // namespace feedline

#include "w64_samples.hpp"

#include "bytes.hpp"
#include "decode_error.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace feedline {
namespace {

constexpr std::string_view kRiff = "riff\x2E\x91\xCF\x11", kData = "data\xF3\xAC\xD3\x11";
/// A chunk is an identifier, its size with both of these, and what it holds, filled up to eight bytes.
constexpr std::size_t kIdentifier = 16, kChunkHeader = 24, kAlignment = 8, kRiffHeader = 40;

/// Of the chunk that begins there, if it is one that ends within the file; else 0.
std::uint64_t chunk_bytes(std::span<const std::byte> bytes) noexcept {
  std::uint64_t size = 0;
  if (bytes.size() >= kChunkHeader) std::memcpy(&size, bytes.data() + kIdentifier, sizeof size);
  return size < kChunkHeader || size > bytes.size() ? 0 : size;
}

std::size_t filled_up(std::uint64_t size) noexcept {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

SoundLinks find_w64_samples(std::span<const std::byte> file) {
  SoundLinks found;
  if (!text_of(file).starts_with(kRiff)) return found;
  for (std::size_t at = kRiffHeader; at + kChunkHeader <= file.size();) {
    const auto rest = file.subspan(at);
    const std::uint64_t size = chunk_bytes(rest);
    if (text_of(rest).starts_with(kData)) {
      std::uint64_t said = 0;
      std::memcpy(&said, rest.data() + kIdentifier, sizeof said);
      found.truncated = said > rest.size() && said < ~std::uint64_t{0} / 2;
      const auto behind = rest.subspan(std::min(filled_up(size), rest.size()));
      if (size > 0 && text_of(behind).starts_with(kRiff))
        throw DecodeError("another recording follows in it; take them apart");
      const bool ends_well =
          size > 0 && (behind.size() < kChunkHeader || chunk_bytes(behind) > 0 || is_silence(behind));
      found.links.push_back({{}, ends_well ? file.first(at + size) : file});
      return found;
    }
    if (size == 0) return found;
    at += filled_up(size);
  }
  return found;
}

}  // namespace feedline

#include "png_stream.hpp"

#include <algorithm>
#include <cstring>

namespace feedline {
namespace {

/// Of a chunk that is cut off: its length and its type.
constexpr std::size_t kChunkStart = 8;

/// Of the header chunk: where the colour type is, and that of pictures with a palette.
constexpr std::size_t kColorTypeAt = 9;
constexpr std::byte kIndexed{3};

bool is_cut_metadata(std::span<const std::byte> rest) noexcept {
  if (rest.size() < kChunkStart) return false;
  return PngChunk{{reinterpret_cast<const char*>(rest.data()) + 4, 4}, {}, {}}.is_metadata();
}

}  // namespace

PngStream::PngStream(std::span<const std::byte> file) noexcept
    : chunks_(file), part_(file.first(std::min(file.size(), kPngSignature.size()))) {}

bool PngStream::read(std::span<std::byte> out) noexcept {
  while (!out.empty()) {
    if (part_.empty() && !next_part()) return false;
    const std::size_t bytes = std::min(out.size(), part_.size());
    std::memcpy(out.data(), part_.data(), bytes);
    out = out.subspan(bytes);
    part_ = part_.subspan(bytes);
  }
  return true;
}

/// A palette without need of one is a suggestion to displays: metadata.
bool PngStream::is_needed(const PngChunk& chunk) noexcept {
  if (chunk.type == "IHDR" && chunk.content.size() > kColorTypeAt)
    has_palette_ = chunk.content[kColorTypeAt] == kIndexed;
  return !chunk.is_metadata() && (chunk.type != "PLTE" || has_palette_);
}

/// Goes on to the next chunk of the picture, at last to what is left of one that is cut off.
bool PngStream::next_part() noexcept {
  while (const auto chunk = chunks_.next()) {
    if (!is_needed(*chunk)) continue;
    part_ = chunk->whole;
    return true;
  }
  if (in_rest_ || chunks_.reached_end() || is_cut_metadata(chunks_.rest())) return false;
  in_rest_ = true;
  part_ = chunks_.rest();
  return !part_.empty();
}

}  // namespace feedline

#include "png_chunks.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdint>

namespace feedline {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kTypeBytes = 4;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kAround = kLengthBytes + kTypeBytes + kChecksumBytes;

std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t at) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  return value;
}

}  // namespace

/// A chunk that no reader needs begins with a small letter.
bool PngChunk::is_metadata() const noexcept {
  return !type.empty() && type[0] >= 'a' && type[0] <= 'z';
}

bool PngChunk::is_intact() const noexcept {
  const auto covered = whole.subspan(kLengthBytes, kTypeBytes + content.size());
  const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(covered.data()), covered.size());
  return sum == number_at(whole, whole.size() - kChecksumBytes);
}

PngChunks::PngChunks(std::span<const std::byte> file) noexcept
    : rest_(file.subspan(std::min(file.size(), kPngSignature.size()))) {}

std::optional<PngChunk> PngChunks::next() noexcept {
  if (reached_end_ || rest_.size() < kAround) return std::nullopt;
  const std::size_t length = number_at(rest_, 0);
  if (length > rest_.size() - kAround) return std::nullopt;
  const auto whole = rest_.first(length + kAround);
  rest_ = rest_.subspan(whole.size());
  const auto* type = reinterpret_cast<const char*>(whole.data()) + kLengthBytes;
  const PngChunk chunk{{type, kTypeBytes}, whole.subspan(kLengthBytes + kTypeBytes, length), whole};
  reached_end_ = chunk.type == "IEND";
  return chunk;
}

}  // namespace feedline

#include "wav_header.hpp"

#include "decode_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace feedline {
namespace {

constexpr std::uint16_t kPcm = 1, kFloat = 3, kExtensible = 0xFFFE;
constexpr std::uint32_t kUnknownSize = 0xFFFFFFFF;
constexpr std::uint32_t kMostChannels = 64;
constexpr std::uint32_t kMostRate = 768000;
constexpr std::size_t kChunkHeader = 8, kRiffHeader = 12;
constexpr std::size_t kLeastFormat = 16, kExtendedFormat = 40;

template <class T>
T read(std::span<const std::byte> bytes, std::size_t at) noexcept {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string_view text(std::span<const std::byte> bytes, std::size_t at) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()) + at, 4};
}

WavCoding coding_of(std::uint16_t format, std::uint16_t bits) noexcept {
  if (format == kPcm && bits == 8) return WavCoding::kUnsigned8;
  if (format == kPcm && bits == 16) return WavCoding::kSigned16;
  if (format == kPcm && bits == 24) return WavCoding::kSigned24;
  if (format == kPcm && bits == 32) return WavCoding::kSigned32;
  if (format == kFloat && bits == 32) return WavCoding::kFloat32;
  if (format == kFloat && bits == 64) return WavCoding::kFloat64;
  return WavCoding::kOther;
}

void parse_format(std::span<const std::byte> chunk, WavHeader& header) {
  if (chunk.size() < kLeastFormat) throw DecodeError("its WAV header is damaged: the format is cut short");
  auto format = read<std::uint16_t>(chunk, 0);
  const auto bits = read<std::uint16_t>(chunk, 14);
  // The real format is the beginning of the extension's identifier.
  if (format == kExtensible && chunk.size() >= kExtendedFormat) format = read<std::uint16_t>(chunk, 24);
  header.coding = coding_of(format, bits);
  header.channels = read<std::uint16_t>(chunk, 2);
  header.sample_rate = read<std::uint32_t>(chunk, 4);
  header.block_bytes = read<std::uint16_t>(chunk, 12);
  if (header.channels == 0 || header.channels > kMostChannels)
    throw DecodeError(fmt::format("its WAV header is damaged: {} channels", header.channels));
  if (header.sample_rate == 0 || header.sample_rate > kMostRate)
    throw DecodeError(fmt::format("its WAV header is damaged: {} samples a second", header.sample_rate));
  if (header.coding != WavCoding::kOther) header.block_bytes = header.channels * (bits / 8U);
  if (header.block_bytes == 0) throw DecodeError("its WAV header is damaged: samples of no bytes");
}

}  // namespace

bool is_wav(std::span<const std::byte> file) noexcept {
  return file.size() >= kRiffHeader && (text(file, 0) == "RIFF" || text(file, 0) == "RF64") &&
         text(file, 8) == "WAVE";
}

WavHeader parse_wav(std::span<const std::byte> start, std::uint64_t file_bytes) {
  WavHeader header;
  for (std::uint64_t at = kRiffHeader; at + kChunkHeader <= file_bytes;) {
    if (at + kChunkHeader > start.size()) throw WavStartTooShort();
    const std::string_view name = text(start, at);
    const std::uint32_t size = read<std::uint32_t>(start, at + 4);
    const std::uint64_t body = at + kChunkHeader;
    if (name == "data") {
      if (header.sample_rate == 0)
        throw DecodeError("its WAV header is damaged: samples before their format");
      const std::uint64_t there = file_bytes - body;
      const bool unknown = size == 0 || size == kUnknownSize;
      header.data_begin = body;
      header.data_bytes = unknown ? there : std::min<std::uint64_t>(size, there);
      header.data_bytes -= header.data_bytes % header.block_bytes;
      header.truncated = !unknown && size > there;
      return header;
    }
    if (name == "fmt ") {
      const std::uint64_t end = std::min<std::uint64_t>(body + std::min(size, 64U), file_bytes);
      if (end > start.size()) throw WavStartTooShort();
      parse_format(start.subspan(body, end - body), header);
    }
    at = body + size + size % 2;
  }
  throw DecodeError("it is a WAV file without samples");
}

}  // namespace feedline

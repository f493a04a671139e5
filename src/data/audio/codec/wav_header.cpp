#include "wav_header.hpp"

#include "decode_error.hpp"
#include "sound_header.hpp"
#include "wav_end.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

namespace feedline {
namespace {

constexpr std::uint16_t kPcm = 1, kFloat = 3, kExtensible = 0xFFFE;
constexpr std::uint32_t kUnknownSize = 0xFFFFFFFF;
constexpr std::uint64_t kUnknownLongSize = ~std::uint64_t{0};
constexpr std::size_t kChunkHeader = 8, kRiffHeader = 12;
constexpr std::size_t kLeastFormat = 16, kExtendedFormat = 40;
constexpr std::uint32_t kMostFormat = 64;  // of ADPCM with its table, 50

template <class T>
T read(std::span<const std::byte> bytes, std::size_t at) noexcept {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string_view text(std::span<const std::byte> bytes, std::size_t at) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()) + at, 4};
}

bool has_long_sizes(std::span<const std::byte> file) noexcept {
  return text(file, 0) == "RF64" || text(file, 0) == "BW64";
}

WavCoding coding_of(std::uint16_t format, std::uint32_t bytes) noexcept {
  if (format == kPcm && bytes == 1) return WavCoding::kUnsigned8;
  if (format == kPcm && bytes == 2) return WavCoding::kSigned16;
  if (format == kPcm && bytes == 3) return WavCoding::kSigned24;
  if (format == kPcm && bytes == 4) return WavCoding::kSigned32;
  if (format == kFloat && bytes == 4) return WavCoding::kFloat32;
  if (format == kFloat && bytes == 8) return WavCoding::kFloat64;
  return WavCoding::kOther;
}

/// Derives the bytes of one sample from the block. Bits that do not fill them lie at their high end, as the
/// standard says; where they leave a whole byte of four free, the samples show whether that is so.
void choose_coding(std::uint16_t format, std::uint16_t bits, bool extensible, WavHeader& header) {
  if (format != kPcm && format != kFloat) return;
  const std::uint32_t least = (bits + 7U) / 8;
  if (header.block_bytes == 0) header.block_bytes = header.channels * least;
  const std::uint32_t bytes = header.block_bytes / header.channels;
  if (bits == 0 || header.block_bytes % header.channels != 0 || bytes < least)
    throw DecodeError(fmt::format("its WAV header is damaged: {} channels of {} bits in blocks of {} bytes",
                                  header.channels, bits, header.block_bytes));
  header.coding = coding_of(format, bytes);
  if (header.coding == WavCoding::kSigned32 && bits == 24 && !extensible)
    header.coding = WavCoding::kSigned24In32;
  if (header.coding == WavCoding::kSigned32 && extensible && header.valid_bits <= 24)
    header.coding = WavCoding::kPartOf32;
  const bool fills = bytes == least && (format == kPcm || bits == bytes * 8);
  if (header.coding == WavCoding::kOther ||
      (!fills && header.coding != WavCoding::kSigned24In32 && !(extensible && format == kPcm)))
    throw DecodeError(
        fmt::format("it has samples of {} bits in {} bytes, which is not supported; ffmpeg -i makes a plain "
                    "WAV file of it",
                    bits, bytes));
}

void parse_format(std::span<const std::byte> chunk, WavHeader& header) {
  if (chunk.size() < kLeastFormat) throw DecodeError("its WAV header is damaged: the format is cut short");
  auto format = read<std::uint16_t>(chunk, 0);
  const auto bits = read<std::uint16_t>(chunk, 14);
  const bool extensible = format == kExtensible && chunk.size() >= kExtendedFormat;
  // The real format is the beginning of the extension's identifier.
  if (extensible) format = read<std::uint16_t>(chunk, 24);
  const auto valid = extensible ? read<std::uint16_t>(chunk, 18) : bits;
  header.valid_bits = valid == 0 || valid > bits ? bits : valid;
  header.channels = read<std::uint16_t>(chunk, 2);
  header.sample_rate = read<std::uint32_t>(chunk, 4);
  header.block_bytes = read<std::uint16_t>(chunk, 12);
  if (header.channels == 0 || header.channels > kMostSoundChannels)
    throw DecodeError(fmt::format("its WAV header is damaged: {} channels", header.channels));
  if (header.sample_rate < kLeastSoundRate || header.sample_rate > kMostSoundRate)
    throw DecodeError(fmt::format("its WAV header is damaged: {} samples a second", header.sample_rate));
  header.format = format;
  choose_coding(format, bits, extensible, header);
  if (header.block_bytes == 0) throw DecodeError("its WAV header is damaged: samples of no bytes");
}

/// Sizes that RF64 and BW64 write in 64 bits, the file's first; the 32 bits of the chunk are all ones then.
std::uint64_t size_of_ds64(std::span<const std::byte> chunk, std::size_t at) noexcept {
  return chunk.size() < at + 8 ? 0 : read<std::uint64_t>(chunk, at);
}

/// Where the file ends by its own size; one that is not known counts all that is there.
std::uint64_t end_by_its_size(std::uint64_t size) noexcept {
  return size == 0 || size >= kUnknownSize ? kUnknownLongSize : size + kChunkHeader;
}

/// `said`: bytes of samples.
void find_samples(std::span<const std::byte> start, std::uint64_t file_bytes, std::uint64_t said,
                  WavHeader& header) {
  const std::uint64_t there = file_bytes - header.data_begin;
  const bool unknown = said == 0 || said == kUnknownLongSize;
  header.data_bytes = said;
  header.said_bytes = unknown || said > there ? there : said;
  if (unknown || said > there) {
    if (start.size() < file_bytes) throw WavStartTooShort();
    header.data_bytes = end_of_samples(start, header.data_begin) - header.data_begin;
  }
  if (header.coding != WavCoding::kOther) header.data_bytes -= header.data_bytes % header.block_bytes;
  header.truncated = !unknown && said > there;
  header.is_odd = header.is_odd || unknown || said > there || text(start, 0) == "BW64";
}

}  // namespace

bool is_wav(std::span<const std::byte> file) noexcept {
  return file.size() >= kRiffHeader && (text(file, 0) == "RIFF" || has_long_sizes(file)) &&
         text(file, 8) == "WAVE";
}

WavHeader parse_wav(std::span<const std::byte> start, std::uint64_t file_bytes) {
  WavHeader header;
  header.file_end = end_by_its_size(read<std::uint32_t>(start, 4));
  std::uint64_t long_size = 0;
  std::optional<std::uint32_t> data_size;
  for (std::uint64_t at = kRiffHeader; at + kChunkHeader <= file_bytes;) {
    if (at + kChunkHeader > start.size()) throw WavStartTooShort();
    const std::string_view name = text(start, at);
    const std::uint32_t size = read<std::uint32_t>(start, at + 4);
    const std::uint64_t body = at + kChunkHeader;
    if (name == "data" && !data_size) {
      data_size = size;
      header.data_begin = body;
      header.is_odd = header.sample_rate == 0;
    }
    if (name == "fmt " || name == "ds64") {
      const std::uint64_t end = std::min<std::uint64_t>(body + std::min(size, kMostFormat), file_bytes);
      if (end > start.size()) throw WavStartTooShort();
      const auto chunk = start.subspan(body, end - body);
      if (name == "fmt ") {
        parse_format(chunk, header);
        header.format_begin = body;
        header.format_bytes = chunk.size();
      }
      if (name == "ds64") {
        long_size = size_of_ds64(chunk, 8);
        header.file_end = end_by_its_size(size_of_ds64(chunk, 0));
      }
    }
    if (data_size && header.sample_rate != 0) {
      find_samples(start, file_bytes, *data_size == kUnknownSize ? long_size : *data_size, header);
      return header;
    }
    at = body + size + size % 2;
  }
  if (data_size) throw DecodeError("its WAV header is damaged: samples without their format");
  throw DecodeError("it is a WAV file without samples");
}

}  // namespace feedline

#include "wav_end.hpp"

#include "bytes.hpp"
#include "decode_error.hpp"
#include "mp3_tags.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace feedline {
namespace {

constexpr std::size_t kChunkHeader = 8;

std::string_view text(std::span<const std::byte> bytes, std::size_t at) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()) + at, 4};
}

std::uint64_t size_of_chunk(std::span<const std::byte> bytes, std::size_t at) noexcept {
  std::uint32_t size;
  std::memcpy(&size, bytes.data() + at + 4, sizeof size);
  return size;
}

/// Names of chunks that writers put behind the samples.
bool is_behind_samples(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 17> kNames = {"LIST", "id3 ", "ID3 ", "bext", "iXML", "_PMX",
                                                       "cue ", "smpl", "inst", "fact", "PEAK", "JUNK",
                                                       "junk", "PAD ", "axml", "chna", "plst"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool is_chunk(std::span<const std::byte> behind, std::size_t at, std::uint64_t bytes_behind) noexcept {
  if (behind.size() < at + kChunkHeader) return false;
  const std::string_view name = text(behind, at);
  const bool is_name = std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return is_name && name != "RIFF" && name != "RF64" && name != "BW64" &&
         size_of_chunk(behind, at) <= bytes_behind - at - kChunkHeader;
}

}  // namespace

std::uint64_t end_of_samples(std::span<const std::byte> file, std::uint64_t body) noexcept {
  std::uint64_t end = file.size();
  if (end < body + kChunkHeader) return end;
  for (std::uint64_t at = (end - kChunkHeader) / 2 * 2; at >= body; at -= 2) {
    if (at + kChunkHeader > end || !is_behind_samples(text(file, at))) continue;
    const std::uint64_t size = size_of_chunk(file, at), chunk_end = at + kChunkHeader + size;
    if (chunk_end == end || chunk_end + size % 2 == end) end = at;
  }
  return end;
}

// Some writers forget the byte that fills an odd size, and some add one to an even one.
bool is_wav_end(std::span<const std::byte> behind, std::uint64_t bytes_behind) noexcept {
  return bytes_behind < kChunkHeader || is_chunk(behind, 0, bytes_behind) ||
         is_chunk(behind, 1, bytes_behind);
}

void correct_wav_end(std::span<const std::byte> file, WavHeader& header) {
  const std::uint64_t end = header.data_begin + header.said_bytes;
  if (end >= file.size()) return;
  const auto behind = file.subspan(end);
  if (is_wav_end(behind, behind.size()) || is_silence(behind)) return;
  if (is_wav(behind) || (header.said_bytes % 2 != 0 && is_wav(behind.subspan(1))))
    throw DecodeError("another WAV file follows in it; take them apart");
  if (without_last_tags(file).size() <= end || mp3_tag_bytes(behind) > 0) return;
  if (header.file_end <= end + header.said_bytes % 2) {
    header.damaged = true;
    return;
  }
  header.is_odd = true;
  header.data_bytes = end_of_samples(file, header.data_begin) - header.data_begin;
  if (header.coding != WavCoding::kOther) header.data_bytes -= header.data_bytes % header.block_bytes;
}

}  // namespace feedline

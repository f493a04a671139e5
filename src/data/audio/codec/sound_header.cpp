#include "sound_header.hpp"

#include "decode_error.hpp"
#include "flac_end.hpp"
#include "sound_decoder.hpp"
#include "wav_end.hpp"

#include <array>
#include <optional>

namespace feedline {
namespace {

constexpr std::size_t kStart = 4096;

/// Whether the header's size of the samples is to be believed.
bool ends_well(const Storage& files, std::uint64_t id, const WavHeader& wav, std::uint64_t file_bytes) {
  const std::uint64_t end = wav.data_begin + wav.said_bytes;
  if (end >= file_bytes) return true;
  std::array<std::byte, kWavEndSeen> behind;
  const auto bytes = files.read_range(id, end, behind).bytes;
  return !bytes.empty() && is_wav_end(bytes, file_bytes - end);
}

/// Of a WAV file from its first bytes; nothing for other files, and where these do not suffice.
std::optional<SoundHeader> header_from_start(const Storage& files, std::uint64_t id) {
  std::array<std::byte, kStart> memory;
  const FileRange start = files.read_range(id, 0, memory);
  if (!is_wav(start.bytes)) return std::nullopt;
  try {
    const WavHeader wav = parse_wav(start.bytes, start.file_bytes);
    if (wav.coding == WavCoding::kOther || !ends_well(files, id, wav, start.file_bytes)) return std::nullopt;
    return SoundHeader{wav.sample_rate, wav.channels, wav.frames(), true, "WAV"};
  } catch (const WavStartTooShort&) {
    return std::nullopt;
  }
}

}  // namespace

SoundHeader read_sound_header(std::span<const std::byte> file) {
  SoundHeader header = SoundDecoder().open(file);
  if (header.format == "FLAC" && flac_frames_at_end(file) > header.frames) header.frames_known = false;
  return header;
}

SoundHeader read_sound_header(const Storage& files, std::uint64_t id, FileBuffer& buffer) {
  if (const auto header = header_from_start(files, id)) return *header;
  return read_sound_header(files.read(id, buffer));
}

}  // namespace feedline

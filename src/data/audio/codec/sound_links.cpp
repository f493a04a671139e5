#include "sound_links.hpp"

#include "bytes.hpp"
#include "mp3_links.hpp"
#include "mp3_tags.hpp"
#include "ogg_links.hpp"
#include "sample_size.hpp"
#include "w64_samples.hpp"

#include <string_view>
#include <utility>

namespace feedline {
namespace {

/// Tags of MPEG audio, and of its layer III, in WAV files.
constexpr std::uint16_t kMpegInWav = 0x50, kMp3InWav = 0x55;

void put(std::vector<std::byte>& out, std::string_view name) {
  const auto bytes = std::as_bytes(std::span(name));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void put(std::vector<std::byte>& out, std::uint64_t size) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    out.push_back(static_cast<std::byte>(size >> shift & 0xFFU));
}

SoundLinks whole(std::span<const std::byte> file) {
  SoundLinks found;
  found.links.push_back({{}, file});
  return found;
}

/// libFLAC takes tags behind the sound for damage.
std::span<const std::byte> without_tags(std::span<const std::byte> file) noexcept {
  file = without_last_tags(file);
  while (const std::size_t tag = mp3_tag_bytes(file)) file = file.subspan(tag);
  return file;
}

/// The same samples behind a header that says what there is.
SoundLink with_plain_header(std::span<const std::byte> file, const WavHeader& wav) {
  constexpr std::size_t kWaveAndChunkHeaders = 20;
  SoundLink link;
  put(link.front, "RIFF");
  put(link.front, kWaveAndChunkHeaders + wav.format_bytes + wav.data_bytes);
  put(link.front, "WAVEfmt ");
  put(link.front, wav.format_bytes);
  const auto format = file.subspan(wav.format_begin, wav.format_bytes);
  link.front.insert(link.front.end(), format.begin(), format.end());
  if (wav.format_bytes % 2 != 0) link.front.push_back(std::byte{0});
  put(link.front, "data");
  put(link.front, wav.data_bytes);
  link.rest = file.subspan(wav.data_begin, wav.data_bytes);
  return link;
}

}  // namespace

SoundLinks find_sound_links(std::span<const std::byte> file) {
  if (const auto flac = without_tags(file); text_of(flac).starts_with("fLaC")) return whole(flac);
  SoundLinks found = find_ogg_links(file);
  if (found.links.empty()) found = find_mp3_links(file);
  if (found.links.empty()) found = correct_sample_size(file);
  if (found.links.empty()) found = find_w64_samples(file);
  return found.links.empty() ? whole(file) : std::move(found);
}

SoundLinks find_wav_links(std::span<const std::byte> file, const WavHeader& wav) {
  if (wav.format == kMpegInWav || wav.format == kMp3InWav) {
    SoundLinks found = find_mp3_links(file.subspan(wav.data_begin, wav.data_bytes));
    if (!found.links.empty()) return found;
  }
  if (!wav.is_odd) return whole(file);
  SoundLinks found;
  found.links.push_back(with_plain_header(file, wav));
  return found;
}

}  // namespace feedline

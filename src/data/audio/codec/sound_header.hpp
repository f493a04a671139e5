#pragma once

#include "storage/storage.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace feedline {

/// Headers with other rates or numbers of channels count as damaged.
constexpr std::uint32_t kLeastSoundRate = 100, kMostSoundRate = 768'000, kMostSoundChannels = 64;

/// The facts in the header of a recording.
struct SoundHeader {
  std::uint32_t sample_rate = 0;  ///< Samples per second
  std::uint32_t channels = 0;
  std::uint64_t frames = 0;  ///< Samples of each channel; of WAV no more than the file really holds
  bool frames_known = true;  ///< False: only decoding shows the number of frames
  std::string_view format;   ///< "WAV", or the name in libsndfile: "FLAC", "OGG", "MP3", ...
};

/// Returns the header of a whole file in memory, by its content. Throws DecodeError.
SoundHeader read_sound_header(std::span<const std::byte> file);

/// Returns the header of file `id` of a storage, reading as little of it as the format allows; `buffer` is
/// used when that is all of it. Throws DecodeError, and std::system_error when the file cannot be read.
SoundHeader read_sound_header(const Storage& files, std::uint64_t id, FileBuffer& buffer);

}  // namespace feedline

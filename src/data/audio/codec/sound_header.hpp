#pragma once

#include "storage/storage.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace feedline {

/// Headers that say other rates and numbers of channels are damaged.
constexpr std::uint32_t kLeastSoundRate = 100, kMostSoundRate = 768'000, kMostSoundChannels = 64;

/// What a recording's file says of itself.
struct SoundHeader {
  std::uint32_t sample_rate = 0;  ///< Hz
  std::uint32_t channels = 0;
  std::uint64_t frames = 0;  ///< samples of each channel; of WAV no more than the file really holds
  bool frames_known = true;  ///< whether `frames` is what the file can hold; else only decoding tells
  std::string_view format;   ///< "WAV", or libsndfile's name: "FLAC", "OGG", "MP3", ...
};

/// Of a whole file in memory, by its content. Throws DecodeError.
SoundHeader read_sound_header(std::span<const std::byte> file);

/// Returns the same of file `id` of a storage, reading as little of it as the format allows; `buffer` is used
/// when that is all of it. Throws DecodeError, and std::system_error when the file cannot be read.
SoundHeader read_sound_header(const Storage& files, std::uint64_t id, FileBuffer& buffer);

}  // namespace feedline

#pragma once

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

/// The same of file `name` below `folder_fd`, reading as little of it as the format allows. Throws
/// DecodeError, and std::system_error when it cannot be read.
SoundHeader read_sound_header(int folder_fd, const char* name);

}  // namespace feedline

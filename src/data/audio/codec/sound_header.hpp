#pragma once

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

/// Returns the header of the file `name` below `folder_fd`, and reads as little of the file as the format
/// allows. Throws DecodeError, and std::system_error when the file cannot be read.
SoundHeader read_sound_header(int folder_fd, const char* name);

}  // namespace feedline

#pragma once

#include "mp3_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace feedline {

/// Samples that an encoder put before and behind the recording.
struct Mp3Padding {
  std::uint32_t before = 0;
  std::uint32_t behind = 0;
};

/// What the frame without sound at the start of an MP3 stream says of the frames behind it.
struct Mp3Info {
  bool is_xing = true;       ///< "Xing" or "Info", which libsndfile knows; else "VBRI"
  std::uint32_t frames = 0;  ///< 0: it does not say
  std::uint32_t bytes = 0;   ///< from its own beginning; 0: it does not say
  std::optional<Mp3Padding> padding;
};

/// Of the whole frame `bytes`; nothing when that holds sound.
std::optional<Mp3Info> parse_mp3_info(std::span<const std::byte> bytes, const Mp3Frame& frame) noexcept;

/// Samples that libmpg123 takes off the beginning, besides the encoder's, of every stream with an Info frame.
constexpr std::uint32_t kMp3DecoderDelay = 529;

/// Appends an Info frame of the format of the frame that `like` begins with.
void append_mp3_info(std::vector<std::byte>& out, std::span<const std::byte> like, const Mp3Info& info);

/// Appends a frame of silence of that format, as small as there is one.
void append_silent_mp3_frame(std::vector<std::byte>& out, std::span<const std::byte> like);

}  // namespace feedline

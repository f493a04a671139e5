#pragma once

#include "mp3_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace feedline {

/// The samples that an encoder added before and after the recording.
struct Mp3Padding {
  std::uint32_t before = 0;
  std::uint32_t behind = 0;
};

/// The statements of the frame without sound at the start of an MP3 stream about the frames after it.
struct Mp3Info {
  bool is_xing = true;       ///< True for "Xing" and "Info", which libsndfile knows; false for "VBRI"
  std::uint32_t frames = 0;  ///< 0: not stated
  std::uint32_t bytes = 0;   ///< Bytes from its own beginning; 0: not stated
  std::optional<Mp3Padding> padding;
};

/// Returns the statements of the whole frame `bytes`; std::nullopt when it holds sound.
std::optional<Mp3Info> parse_mp3_info(std::span<const std::byte> bytes, const Mp3Frame& frame) noexcept;

/// The samples that libmpg123 removes from the beginning of every stream with an Info frame, in addition to
/// those of the encoder.
constexpr std::uint32_t kMp3DecoderDelay = 529;

/// Appends an Info frame in the format of the first frame of `like`.
void append_mp3_info(std::vector<std::byte>& out, std::span<const std::byte> like, const Mp3Info& info);

/// Appends the smallest frame of silence in that format.
void append_silent_mp3_frame(std::vector<std::byte>& out, std::span<const std::byte> like);

}  // namespace feedline

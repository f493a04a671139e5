#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace feedline {

/// What the header of a frame of MPEG 1, 2 or 2.5 layer III says.
struct Mp3Frame {
  std::uint32_t bytes = 0;    ///< of the whole frame
  std::uint32_t samples = 0;  ///< of each channel
  std::uint32_t rate = 0;     ///< Hz
  std::uint32_t channels = 0;
  std::uint32_t side_bytes = 0;  ///< side information, without the checksum before it

  bool same_format(const Mp3Frame& other) const noexcept {
    return rate == other.rate && channels == other.channels;
  }
};

constexpr std::size_t kMp3Header = 4;

/// Of the frame at the beginning of `bytes`; nothing when there is none, or one of free bitrate, whose size
/// its header does not say.
std::optional<Mp3Frame> parse_mp3_frame(std::span<const std::byte> bytes) noexcept;

}  // namespace feedline

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace feedline {

/// The header of a frame of MPEG 1, 2 or 2.5 layer III, or of layer II.
struct Mp3Frame {
  std::uint32_t bytes = 0;    ///< Bytes of the whole frame
  std::uint32_t samples = 0;  ///< Samples of each channel
  std::uint32_t rate = 0;     ///< Samples per second
  std::uint32_t channels = 0;
  bool is_layer3 = true;
  std::uint32_t side_bytes = 0;  ///< Side information of layer III, without the checksum before it

  bool same_format(const Mp3Frame& other) const noexcept {
    return rate == other.rate && channels == other.channels && is_layer3 == other.is_layer3;
  }
};

constexpr std::size_t kMp3Header = 4;

/// Returns the frame at the beginning of `bytes`; std::nullopt when there is none, or when it is of free
/// bitrate, in which headers do not state the size.
std::optional<Mp3Frame> parse_mp3_frame(std::span<const std::byte> bytes) noexcept;

}  // namespace feedline

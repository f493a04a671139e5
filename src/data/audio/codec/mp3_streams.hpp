#pragma once

#include "mp3_frame.hpp"
#include "mp3_info.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace feedline {

/// Frames of one format that follow each other, from the start of the file or an Info frame.
struct Mp3Stream {
  /// Whole frames without a gap.
  struct Run {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool after_gap = false;  ///< bytes that are no tag lie before it
  };

  Mp3Frame format;
  std::optional<Mp3Info> info;
  std::size_t begin = 0;  ///< of the Info frame, or of the first one
  std::uint64_t frames = 0;
  std::uint32_t least_bytes = ~0U, most_bytes = 0;  ///< of one frame
  std::vector<Run> runs;                            ///< without the Info frame

  std::uint64_t samples() const noexcept { return frames * format.samples; }
  std::size_t end() const noexcept { return runs.back().end; }
};

/// All streams of an MP3 file.
struct Mp3Streams {
  std::vector<Mp3Stream> streams;  ///< each with at least one frame of sound
  bool cut = false;                ///< the last frame is not whole
  bool gaps = false;               ///< bytes between the frames are neither frames nor tags
};

/// Goes from header to header; no streams when the file is no MP3 (or of layer II), or of free bitrate.
Mp3Streams find_mp3_streams(std::span<const std::byte> file);

}  // namespace feedline

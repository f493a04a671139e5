#pragma once

#include "mp3_frame.hpp"
#include "mp3_info.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace feedline {

/// Consecutive frames of one format, from the start of the file or from an Info frame.
struct Mp3Stream {
  /// Whole frames without a gap between them.
  struct Run {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool after_gap = false;  ///< Bytes before it are neither frames nor tags
  };

  Mp3Frame format;
  std::optional<Mp3Info> info;
  std::size_t begin = 0;  ///< Begin of the Info frame, or else of the first frame
  std::uint64_t frames = 0;
  std::uint32_t least_bytes = ~0U, most_bytes = 0;  ///< Sizes of a single frame
  std::vector<Run> runs;                            ///< Runs without the Info frame

  std::uint64_t samples() const noexcept { return frames * format.samples; }
  std::size_t end() const noexcept { return runs.back().end; }
};

/// All streams of an MP3 file.
struct Mp3Streams {
  std::vector<Mp3Stream> streams;  ///< Streams with at least one frame of sound each
  bool cut = false;                ///< The last frame is incomplete
  bool gaps = false;               ///< Bytes between the frames are neither frames nor tags
};

/// Finds the streams by going from header to header. Returns no streams when the file is neither MP3 nor of
/// layer II, or is of free bitrate.
Mp3Streams find_mp3_streams(std::span<const std::byte> file);

}  // namespace feedline

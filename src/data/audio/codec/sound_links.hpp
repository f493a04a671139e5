#pragma once

#include "wav_header.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace feedline {

/// One recording of those that follow each other in a file, as libsndfile is to read it: `front`, then
/// `rest`.
struct SoundLink {
  std::vector<std::byte> front;
  std::span<const std::byte> rest;
  /// Frames of sound that were counted, where they were: libsndfile guesses them otherwise.
  std::uint64_t most_frames = std::numeric_limits<std::uint64_t>::max();
  bool counted = false;
};

/// The recordings of a file, one behind the other, and what was noticed while they were looked for.
struct SoundLinks {
  std::vector<SoundLink> links;
  bool truncated = false;  ///< the file ends before its header says
  bool damaged = false;    ///< bytes that are no sound lie within it
};

/// Of a file that libsndfile is to decode, which would silently leave parts of some out: MP3 streams whose
/// length it guesses or is told wrongly, streams behind other streams.
SoundLinks find_sound_links(std::span<const std::byte> file);

/// Of a WAV file whose samples are of a kind that libsndfile knows.
SoundLinks find_wav_links(std::span<const std::byte> file, const WavHeader& wav);

}  // namespace feedline

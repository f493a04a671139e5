#pragma once

#include "wav_header.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace feedline {

/// One of the consecutive recordings of a file, in the form that libsndfile reads: `front`, followed by
/// `rest`.
struct SoundLink {
  std::vector<std::byte> front;
  std::span<const std::byte> rest;
  /// Frames of sound, where they were counted; otherwise libsndfile estimates them.
  std::uint64_t most_frames = std::numeric_limits<std::uint64_t>::max();
  bool counted = false;
};

/// The consecutive recordings of a file, and the findings of the search for them.
struct SoundLinks {
  std::vector<SoundLink> links;
  bool truncated = false;  ///< The file ends earlier than its header states
  bool damaged = false;    ///< The file holds bytes that are not sound
};

/// Returns the recordings of a file for libsndfile, which by itself would silently leave parts out: of MP3
/// streams whose length it estimates or is misinformed of, and of streams that follow other streams.
SoundLinks find_sound_links(std::span<const std::byte> file);

/// Returns the recordings of a WAV file whose samples have a coding that libsndfile knows.
SoundLinks find_wav_links(std::span<const std::byte> file, const WavHeader& wav);

}  // namespace feedline

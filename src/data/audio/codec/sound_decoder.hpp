#pragma once

#include "joined_sound.hpp"
#include "sound_header.hpp"
#include "wav_header.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace feedline {

constexpr int kMeanOfChannels = -1;

/// The findings in the samples of a recording.
struct SoundFacts {
  std::uint64_t samples = 0;     ///< Samples of one channel
  float peak = 0;                ///< Largest magnitude
  std::uint64_t full_scale = 0;  ///< Samples at 0.9999 or more
  bool silent = true;            ///< All samples are 0
  bool truncated = false;        ///< The file ends earlier than its header states
  bool damaged = false;          ///< Bytes that are not part of its sound were skipped
  bool cancelled = false;        ///< The channels cancel each other, so hardly any sound is left
};

/// Decodes recordings by their content, not by their names: WAV (8, 16, 24, 32 bit, float, EXTENSIBLE) by
/// itself, and the formats of libsndfile: FLAC, OGG with Vorbis or Opus, MP3 and others. Samples are in
/// [-1, 1]: integers are divided by 2^(bits - 1), floats beyond the range are kept. Allocates only while its
/// buffers grow.
///
/// Thread rule: one thread at a time.
class SoundDecoder {
 public:
  /// Reads the header. `file` must remain valid until `decode` returns. Throws DecodeError.
  SoundHeader open(std::span<const std::byte> file);

  /// Decodes the recording that was opened last into `out`, which is resized: one channel (from 0) or the
  /// mean of all of them. Throws DecodeError when there is no such channel or no sample, when samples are not
  /// numbers or are beyond 10, and when the data is damaged.
  SoundFacts decode(int channel, std::vector<float>& out);

 private:
  void open_with_library();
  void decode_with_library();

  std::span<const std::byte> file_;
  SoundHeader header_;
  WavHeader wav_;
  bool truncated_ = false, damaged_ = false;
  std::unique_ptr<JoinedSound> sound_;  ///< Opened and not yet decoded
  std::vector<float> interleaved_;
};

}  // namespace feedline

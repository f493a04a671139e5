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

/// What was noticed in a recording's samples.
struct SoundFacts {
  std::uint64_t samples = 0;     ///< of one channel
  float peak = 0;                ///< largest magnitude
  std::uint64_t full_scale = 0;  ///< samples at 0.9999 or more
  bool silent = true;            ///< all are 0
  bool truncated = false;        ///< the file ends before its header says
  bool damaged = false;          ///< bytes that are none of its sound were passed over
  bool cancelled = false;        ///< the channels are each other's opposite: next to nothing is left of them
};

/// Decodes recordings, whatever their names say: WAV (8, 16, 24, 32 bit, float, EXTENSIBLE) by itself, and
/// what libsndfile knows: FLAC, OGG with Vorbis or Opus, MP3 and others. Samples are in [-1, 1], integers
/// divided by 2^(bits - 1); floats beyond that are kept.
///
/// For one thread at a time; allocates only while its buffers grow.
class SoundDecoder {
 public:
  /// Reads the header. `file` must stay until `decode`. Throws DecodeError.
  SoundHeader open(std::span<const std::byte> file);

  /// Decodes what was opened last to `out`, resized: one channel (from 0) or the mean of all of them. Throws
  /// DecodeError: no such channel, no samples, samples that are no numbers or beyond 10, damaged data.
  SoundFacts decode(int channel, std::vector<float>& out);

 private:
  void open_with_library();
  void decode_with_library();

  std::span<const std::byte> file_;
  SoundHeader header_;
  WavHeader wav_;
  bool truncated_ = false, damaged_ = false;
  std::unique_ptr<JoinedSound> sound_;  ///< opened, and not decoded yet
  std::vector<float> interleaved_;
};

}  // namespace feedline

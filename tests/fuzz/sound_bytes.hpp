#pragma once

#include "audio/codec/sound_decoder.hpp"
#include "audio/resample/resampler.hpp"
#include "decode_error.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace feedline {

/// Decodes a file of any bytes and resamples it: finite samples of a length that fits, or a DecodeError.
inline void decode_any(std::span<const std::byte> file, int channel) {
  SoundDecoder decoder;
  std::vector<float> wave, resampled;
  try {
    const SoundHeader header = decoder.open(file);
    if (header.frames > 1'000'000) return;  // slow, and no different
    const SoundFacts facts = decoder.decode(channel, wave);
    if (facts.samples != wave.size() || wave.empty()) std::abort();
    for (const float sample : wave)
      if (!std::isfinite(sample)) std::abort();
    if (wave.size() > 2'000 || header.sample_rate > 48'000) return;
    static Resamplers resamplers;  // making one takes much longer than all else here
    const std::uint32_t rate = header.sample_rate < 8000 ? 16'000 : 44'100;
    resamplers.get(rate, 8000)(wave, resampled);
    if (resampled.size() != (wave.size() * 8000 + rate - 1) / rate) std::abort();
  } catch (const DecodeError&) {
  }
}

}  // namespace feedline

#pragma once

#include "speech_batch.hpp"

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace feedline::testing {

/// How long each sample of a batch is.
struct SpokenLength {
  std::int64_t text, frames;
};

/// Speech of a made-up voice: each of 20 characters has a spectrum of its own, which lasts for the frames
/// that fall to it. Padded to `text` and `frames`, with `garbage` in the padding of the spectrograms.
SpeechBatch spoken_batch(const std::vector<SpokenLength>& lengths, std::int64_t text, std::int64_t frames,
                         float garbage = 0);

constexpr std::int64_t kSpokenSymbols = 22;
constexpr std::int64_t kSpokenBands = 16;

}  // namespace feedline::testing

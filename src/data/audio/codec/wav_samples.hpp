#pragma once

#include "wav_header.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// Decodes the samples of `wav`, whose coding is not kOther, all channels interleaved, to `out` of as many
/// floats.
void decode_wav_samples(std::span<const std::byte> data, const WavHeader& wav, std::span<float> out) noexcept;

}  // namespace feedline

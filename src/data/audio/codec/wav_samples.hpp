#pragma once

#include "wav_header.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// Decodes samples of a coding other than kOther into `out`, which has as many floats as there are samples.
/// Channels are interleaved.
void decode_wav_samples(std::span<const std::byte> data, WavCoding coding, std::span<float> out) noexcept;

}  // namespace feedline

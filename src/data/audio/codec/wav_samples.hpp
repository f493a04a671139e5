#pragma once

#include "wav_header.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// Decodes samples of a coding other than kOther, all channels interleaved, to `out` of as many floats.
void decode_wav_samples(std::span<const std::byte> data, WavCoding coding, std::span<float> out) noexcept;

}  // namespace feedline

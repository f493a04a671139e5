#pragma once

#include <cstddef>

namespace feedline {

/// Returns the sum of `count` products, computed in 16 partial sums; `count` is a multiple of 16.
inline float weigh_taps(const float* samples, const float* weights, std::size_t count) noexcept {
  float sums[16] = {};
  for (std::size_t i = 0; i < count; i += 16)
    for (std::size_t lane = 0; lane < 16; ++lane) sums[lane] += samples[i + lane] * weights[i + lane];
  for (std::size_t half = 8; half > 0; half /= 2)
    for (std::size_t lane = 0; lane < half; ++lane) sums[lane] += sums[lane + half];
  return sums[0];
}

}  // namespace feedline

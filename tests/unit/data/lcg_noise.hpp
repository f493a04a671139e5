#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace feedline::testing {

/// Uniform in [-0.5, 0.5): the noise of the scripts in tests/golden.
inline std::vector<float> lcg_noise(std::size_t count) {
  std::uint32_t state = 1;
  std::vector<float> wave;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 1664525 + 1013904223;
    wave.push_back(static_cast<float>((state >> 8) / 16777216.0 - 0.5));
  }
  return wave;
}

}  // namespace feedline::testing

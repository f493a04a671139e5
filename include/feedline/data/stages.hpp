#pragma once

#include <cstdint>

namespace feedline {

/// Time spent on loading samples so far, by stage, in seconds, summed over threads. There is no collating: a
/// sample is made in its place.
struct StageTimes {
  std::uint64_t samples = 0;
  double read_s = 0;       ///< Reads from storage, the page cache or feedline's own cache
  double decode_s = 0;     ///< Decoding into pixels
  double transform_s = 0;  ///< Cropping, scaling, colours

  StageTimes operator-(const StageTimes& earlier) const noexcept {
    return {samples - earlier.samples, read_s - earlier.read_s, decode_s - earlier.decode_s,
            transform_s - earlier.transform_s};
  }
};

}  // namespace feedline

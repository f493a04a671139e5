#pragma once

#include <cstdint>

namespace feedline {

/// Where the time of loading samples went so far, in seconds, summed over threads. Collating is none of it: a
/// sample is made in its place.
struct StageTimes {
  std::uint64_t samples = 0;
  double read_s = 0;       ///< from storage, the page cache or feedline's own
  double decode_s = 0;     ///< into pixels
  double transform_s = 0;  ///< crop, scale, colours

  StageTimes operator-(const StageTimes& earlier) const noexcept {
    return {samples - earlier.samples, read_s - earlier.read_s, decode_s - earlier.decode_s,
            transform_s - earlier.transform_s};
  }
};

}  // namespace feedline

#pragma once

#include "fft_plan.hpp"
#include "mel_filters.hpp"

#include <cstddef>
#include <cstdint>

namespace feedline {

/// The most frames that lie side by side in vectors, on any machine.
constexpr std::size_t kMostLanes = 16;

/// What the vector code needs of a spectrogram's definition.
struct MelProgram {
  const MelSpec* spec;
  const FftPlan* plan;
  const MelFilters* filters;
  const float* window;       ///< n_fft values
  std::size_t window_begin;  ///< of those that are not 0
  std::size_t window_end;
};

/// Floats that the vector code needs as scratch, aligned for vectors.
std::size_t lane_floats(const MelSpec& spec) noexcept;

/// Writes the bands of `frames` frames, the first of which begins at `padded`; frame f begins f x hop_length
/// further. `padded` must reach over kMostLanes further frames.
void mel_of_frames(const MelProgram& program, const float* padded, std::size_t frames, float* lanes,
                   float* out, std::size_t stride);

}  // namespace feedline

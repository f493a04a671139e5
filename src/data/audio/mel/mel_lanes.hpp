#pragma once

#include "fft_plan.hpp"
#include "mel_filters.hpp"

#include <cstddef>
#include <cstdint>

namespace feedline {

/// The largest number of frames that lie side by side in vectors, on any machine.
constexpr std::size_t kMostLanes = 16;

/// The definition of a spectrogram, as the vector code needs it.
struct MelProgram {
  const MelSpec* spec;
  const FftPlan* plan;
  const MelFilters* filters;
  const float* window;       ///< Array of n_fft values
  std::size_t window_begin;  ///< Begin of the values that are not 0
  std::size_t window_end;
};

/// Returns the number of floats that the vector code needs as scratch, aligned for vectors.
std::size_t lane_floats(const MelSpec& spec) noexcept;

/// Writes the bands of `frames` frames. The first frame begins at `padded`, and frame f begins f x hop_length
/// further. `padded` must extend over kMostLanes further frames.
void mel_of_frames(const MelProgram& program, const float* padded, std::size_t frames, float* lanes,
                   float* out, std::size_t stride);

}  // namespace feedline

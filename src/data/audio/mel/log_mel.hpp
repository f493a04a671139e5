#pragma once

#include "fft_plan.hpp"
#include "mel_filters.hpp"

#include <feedline/data/audio/mel_spec.hpp>

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace feedline {

/// Makes log-mel spectrograms. Neighbouring frames lie in the lanes of a vector: every step of the transform
/// is the same for all of them, and bands come out as rows of frames without any shuffling.
///
/// Thread rule: const after construction, for any number of threads, each with its own scratch. The same wave
/// gives the same bits on one machine, whatever was computed before.
class LogMel {
 public:
  /// Memory that is kept from recording to recording and grows as needed.
  class Scratch {
   private:
    friend class LogMel;
    std::vector<float> wave;
    hwy::AlignedFreeUniquePtr<float[]> lanes;
    std::size_t lane_floats = 0;
  };

  /// `spec` must be valid (see check).
  explicit LogMel(const MelSpec& spec);

  const MelSpec& spec() const noexcept { return spec_; }

  /// Writes the spectrogram of `wave` (mono, at the spec's rate) to `out`, bands of `stride` floats one after
  /// the other. Each band holds mel_frames values and then the spec's padding value. `stride` must be at
  /// least mel_frames. Throws a DecodeError for fewer than samples_needed samples.
  void compute(std::span<const float> wave, Scratch& scratch, std::span<float> out, std::size_t stride) const;

 private:
  void pad(std::span<const float> wave, std::uint64_t frames, std::vector<float>& padded) const;
  void normalise(std::span<float> out, std::size_t frames, std::size_t stride) const;

  MelSpec spec_;
  FftPlan plan_;
  MelFilters filters_;
  std::vector<float> window_;  ///< Window, as long as the transform
};

}  // namespace feedline

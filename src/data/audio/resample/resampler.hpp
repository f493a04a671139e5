#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <vector>

namespace feedline {

/// Changes the sample rate with a sinc under a Kaiser window: torchaudio.functional.resample with
/// resampling_method "sinc_interp_kaiser", lowpass_filter_width 64, rolloff 0.9475937167399596 and beta
/// 14.769656459379492, which is also what XTTS uses.
///
/// Thread rule: const after construction, for any number of threads.
class Resampler {
 public:
  /// Rates in Hz, or any two numbers of their ratio. Throws DecodeError for a ratio whose filter would take
  /// more than 64 MiB.
  Resampler(std::uint32_t from, std::uint32_t to);

  /// Writes ceil(size x to / from) samples to `out`, resized.
  void operator()(std::span<const float> in, std::vector<float>& out) const;

  bool is_for(std::uint32_t from, std::uint32_t to) const noexcept { return from == from_ && to == to_; }

 private:
  std::uint32_t from_, to_;          ///< as given
  std::uint32_t step_, phases_;      ///< the ratio in lowest terms
  std::uint32_t taps_ = 0;           ///< of each phase
  std::vector<std::int32_t> first_;  ///< by phase: where its taps begin, relative to the block's first sample
  std::vector<float> weights_;       ///< by phase, `taps_` each
};

/// Resamplers as they are needed; a few are kept. One thread.
class Resamplers {
 public:
  /// Stays until the next call. Throws as Resampler does.
  const Resampler& get(std::uint32_t from, std::uint32_t to);

 private:
  std::list<Resampler> kept_;  ///< the last one used is first
};

}  // namespace feedline

#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <vector>

namespace feedline {

/// Changes the sample rate by a sinc filter with a Kaiser window. It is equal to
/// torchaudio.functional.resample with resampling_method "sinc_interp_kaiser", lowpass_filter_width 64,
/// rolloff 0.9475937167399596 and beta 14.769656459379492, which XTTS uses as well.
///
/// Thread rule: const after construction, for any number of threads.
class Resampler {
 public:
  /// The rates are in Hz, or any two numbers of the same ratio. Throws a DecodeError for a ratio whose filter
  /// would take more than 64 MiB.
  Resampler(std::uint32_t from, std::uint32_t to);

  /// Writes ceil(size x to / from) samples to `out`, which it resizes.
  void operator()(std::span<const float> in, std::vector<float>& out) const;

  bool is_for(std::uint32_t from, std::uint32_t to) const noexcept { return from == from_ && to == to_; }

 private:
  std::uint32_t from_, to_;      ///< Rates as given
  std::uint32_t step_, phases_;  ///< Ratio of the rates in lowest terms
  std::uint32_t taps_ = 0;       ///< Number of taps of each phase
  /// Begin of each phase's taps, relative to the block's first sample
  std::vector<std::int32_t> first_;
  std::vector<float> weights_;  ///< Weights, `taps_` for each phase
};

/// Makes resamplers as they are needed, and keeps a few. For one thread.
class Resamplers {
 public:
  /// Returns a resampler that is valid until the next call. Throws what Resampler throws.
  const Resampler& get(std::uint32_t from, std::uint32_t to);

 private:
  std::list<Resampler> kept_;  ///< Kept resamplers, the last one used first
};

}  // namespace feedline

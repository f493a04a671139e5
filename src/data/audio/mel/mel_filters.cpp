#include "mel_filters.hpp"

#include <algorithm>
#include <cmath>

namespace feedline {
namespace {

/// Slaney's scale is linear up to here.
constexpr double kLinearHz = 1000;
constexpr double kHzPerMel = 200.0 / 3;
const double kLogStep = std::log(6.4) / 27;

double to_mel(MelScale scale, double hz) {
  switch (scale) {
    case MelScale::kSlaney:
      return hz < kLinearHz ? hz / kHzPerMel : kLinearHz / kHzPerMel + std::log(hz / kLinearHz) / kLogStep;
    case MelScale::kKaldi:
      return 1127 * std::log(1 + hz / 700);
    case MelScale::kHtk:
    case MelScale::kHtkSymmetric:
      break;
  }
  return 2595 * std::log10(1 + hz / 700);
}

double to_hz(MelScale scale, double mel) {
  switch (scale) {
    case MelScale::kSlaney:
      return mel < kLinearHz / kHzPerMel ? mel * kHzPerMel
                                         : kLinearHz * std::exp(kLogStep * (mel - kLinearHz / kHzPerMel));
    case MelScale::kKaldi:
      return 700 * (std::exp(mel / 1127) - 1);
    case MelScale::kHtk:
    case MelScale::kHtkSymmetric:
      break;
  }
  return 700 * (std::pow(10.0, mel / 2595) - 1);
}

/// A triangle in whatever unit its corners have.
double triangle(double at, double left, double centre, double right) {
  return std::max(0.0, std::min((at - left) / (centre - left), (right - at) / (right - centre)));
}

/// What a bin of `hz` adds to the band with these corners, in mel.
double weight(const MelSpec& spec, double hz, double left, double centre, double right) {
  if (spec.scale == MelScale::kKaldi) return triangle(to_mel(spec.scale, hz), left, centre, right);
  const double low = to_hz(spec.scale, left), middle = to_hz(spec.scale, centre);
  const double high = spec.scale == MelScale::kHtkSymmetric ? 2 * middle - low : to_hz(spec.scale, right);
  const double norm = spec.area_norm ? 2 / (high - low) : 1;
  return norm * triangle(hz, low, middle, high);
}

}  // namespace

MelFilters make_mel_filters(const MelSpec& spec) {
  const double lowest = to_mel(spec.scale, spec.f_min), highest = to_mel(spec.scale, spec.f_max);
  const double step = (highest - lowest) / (spec.n_mels + 1);
  const double bin_hz = static_cast<double>(spec.sample_rate) / spec.n_fft;
  // Kaldi leaves the last bin, half of the sample rate, out.
  const std::uint32_t bins = spec.n_fft / 2 + (spec.scale == MelScale::kKaldi ? 0 : 1);
  MelFilters filters;
  for (std::uint32_t i = 0; i < spec.n_mels; ++i) {
    MelBand band{0, static_cast<std::uint32_t>(filters.weights.size()), 0};
    for (std::uint32_t bin = 0; bin < bins; ++bin) {
      const double value =
          weight(spec, bin * bin_hz, lowest + i * step, lowest + (i + 1) * step, lowest + (i + 2) * step);
      if (value <= 0) continue;
      if (band.bins == 0) band.first_bin = bin;
      ++band.bins;
      filters.weights.push_back(static_cast<float>(value));
    }
    filters.bands.push_back(band);
  }
  return filters;
}

}  // namespace feedline

#include "resampler.hpp"

#include "audio/resample/weigh_taps.hpp"
#include "decode_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace feedline {
namespace {

constexpr double kZeroCrossings = 64;
constexpr double kRolloff = 0.9475937167399596;
constexpr double kBeta = 14.769656459379492;
constexpr std::size_t kMostWeights = 16U << 20;
constexpr std::size_t kKept = 8;

/// Taps are rounded up to this, with zeros, so that they fill vectors.
constexpr std::uint32_t kTapStep = 16;

/// The modified Bessel function of order 0, by its series (Abramowitz and Stegun 9.6.10). Not the standard
/// library's, which calls lgamma, and that writes a global variable: workers make filters at the same time.
double bessel_i0(double x) {
  const double quarter = x * x / 4;
  double term = 1, sum = 1;
  for (int k = 1; term > sum * 1e-17; ++k) {
    term *= quarter / (static_cast<double>(k) * k);
    sum += term;
  }
  return sum;
}

double kaiser(double place) {
  const double inside = 1 - place * place;
  return bessel_i0(kBeta * std::sqrt(std::max(inside, 0.0))) / bessel_i0(kBeta);
}

/// The filter at `t` zero crossings from its middle.
double filter(double t) {
  if (std::fabs(t) >= kZeroCrossings) return 0;
  const double angle = t * std::numbers::pi;
  return (angle == 0 ? 1.0 : std::sin(angle) / angle) * kaiser(t / kZeroCrossings);
}

}  // namespace

Resampler::Resampler(std::uint32_t from, std::uint32_t to) : from_(from), to_(to) {
  const std::uint32_t common = std::gcd(from, to);
  step_ = from / common;
  phases_ = to / common;
  const double cutoff =
      std::min(step_, phases_) * kRolloff;  // zero crossings in `step_` samples of the input
  const double half_width = kZeroCrossings * step_ / cutoff;  // samples of the input
  taps_ = (static_cast<std::uint32_t>(2 * half_width) + 2 + kTapStep - 1) / kTapStep * kTapStep;
  if (std::size_t{phases_} * taps_ > kMostWeights)
    throw DecodeError(
        fmt::format("its sample rate, {} Hz, has no simple ratio to {} Hz: convert the file, or choose "
                    "another --sample-rate",
                    from, to));
  for (std::uint32_t phase = 0; phase < phases_; ++phase) {
    const double centre = static_cast<double>(phase) * step_ / phases_;
    const auto first = static_cast<std::int32_t>(std::ceil(centre - half_width));
    first_.push_back(first);
    for (std::uint32_t tap = 0; tap < taps_; ++tap) {
      const double t = (first + static_cast<double>(tap) - centre) * cutoff / step_;
      weights_.push_back(static_cast<float>(filter(t) * cutoff / step_));
    }
  }
}

void Resampler::operator()(std::span<const float> in, std::vector<float>& out) const {
  const std::uint64_t size = (std::uint64_t{in.size()} * phases_ + step_ - 1) / step_;
  out.resize(size);
  const auto end = static_cast<std::int64_t>(in.size());
  std::int64_t block = 0;
  for (std::uint64_t i = 0, phase = 0; i < size; ++i) {
    const std::int64_t begin = block + first_[phase];
    const float* weights = weights_.data() + phase * taps_;
    if (begin >= 0 && begin + taps_ <= end) {
      out[i] = weigh_taps(in.data() + begin, weights, taps_);
    } else {
      const std::int64_t low = std::max<std::int64_t>(begin, 0),
                         high = std::min<std::int64_t>(begin + taps_, end);
      float sum = 0;
      for (std::int64_t at = low; at < high; ++at)
        sum += in[static_cast<std::size_t>(at)] * weights[at - begin];
      out[i] = sum;
    }
    if (++phase == phases_) {
      phase = 0;
      block += step_;
    }
  }
}

const Resampler& Resamplers::get(std::uint32_t from, std::uint32_t to) {
  const auto found =
      std::find_if(kept_.begin(), kept_.end(), [&](const Resampler& each) { return each.is_for(from, to); });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
  } else {
    kept_.emplace_front(from, to);
    if (kept_.size() > kKept) kept_.pop_back();
  }
  return kept_.front();
}

}  // namespace feedline

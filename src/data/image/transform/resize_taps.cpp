#include "resize.hpp"

#include <algorithm>
#include <cmath>

namespace feedline {
namespace {

constexpr double kOne = 65536;
constexpr std::uint32_t kLargest = 65535;

}  // namespace

void ResizeTaps::plan(std::uint32_t in, double from, double length, std::uint32_t out, bool flip,
                      std::uint32_t multiple) {
  const double scale = length / out;
  const std::uint32_t padded = (out + multiple - 1) / multiple * multiple;
  stride_ = static_cast<std::size_t>(std::ceil(std::max(scale, 1.0))) * 2 + 2;
  starts_.resize(padded);
  counts_.resize(padded);
  weights_.resize(padded * stride_);
  exact_.resize(stride_);
  for (std::uint32_t i = 0; i < padded; ++i) {
    const std::uint32_t wanted = std::min(i, out - 1);
    const std::uint32_t source = flip ? out - 1 - wanted : wanted;
    plan_one(i, in, from + (source + 0.5) * scale, std::max(scale, 1.0));
  }
}

void ResizeTaps::plan_one(std::uint32_t i, std::uint32_t in, double center, double scale) {
  const double last = in;
  const auto first = static_cast<std::uint32_t>(std::clamp(center - scale + 0.5, 0.0, last - 1));
  const auto end = static_cast<std::uint32_t>(std::clamp(center + scale + 0.5, first + 1.0, last));
  const std::uint32_t count = std::min<std::uint32_t>(end - first, static_cast<std::uint32_t>(stride_));
  double sum = 0;
  for (std::uint32_t tap = 0; tap < count; ++tap) {
    exact_[tap] = std::max(0.0, 1 - std::abs(first + tap + 0.5 - center) / scale);
    sum += exact_[tap];
  }
  if (sum <= 0) {  // the box ends in the outer half of the last pixel
    exact_[0] = sum = 1;
  }
  std::uint16_t* weights = weights_.data() + i * stride_;
  std::uint32_t largest = 0, total = 0;
  for (std::uint32_t tap = 0; tap < count; ++tap) {
    const auto weight = static_cast<std::uint32_t>(std::lround(exact_[tap] / sum * kOne));
    weights[tap] = static_cast<std::uint16_t>(std::min(weight, kLargest));
    total += weights[tap];
    if (exact_[tap] > exact_[largest]) largest = tap;
  }
  const std::uint32_t rest = weights[largest] + static_cast<std::uint32_t>(kOne) - total;
  weights[largest] = static_cast<std::uint16_t>(std::min(rest, kLargest));
  starts_[i] = first;
  counts_[i] = count;
}

}  // namespace feedline

#include "resize.hpp"

#include <algorithm>
#include <cmath>

namespace feedline {
namespace {

constexpr float kOne = 65536;
constexpr std::uint32_t kLargest = 65535;

}  // namespace

void ResizeTaps::plan(std::uint32_t in, double from, double length, std::uint32_t out, bool flip,
                      std::uint32_t multiple) {
  const double scale = length / out;
  const double support = std::max(scale, 1.0);
  const std::uint32_t padded = (out + multiple - 1) / multiple * multiple;
  // Of 2 x support input pixels at most one more than that many begin inside.
  count_ = std::min(in, static_cast<std::uint32_t>(std::ceil(2 * support)) + 1);
  stride_ = count_;
  starts_.resize(padded);
  weights_.resize(padded * stride_);
  exact_.resize(stride_);
  for (std::uint32_t i = 0; i < padded; ++i) {
    const std::uint32_t wanted = std::min(i, out - 1);
    const std::uint32_t source = flip ? out - 1 - wanted : wanted;
    plan_one(i, in, static_cast<float>(from + (source + 0.5) * scale), static_cast<float>(support));
  }
}

void ResizeTaps::plan_one(std::uint32_t i, std::uint32_t in, float center, float scale) {
  const auto last_start = static_cast<float>(in - count_);
  const auto start = static_cast<std::uint32_t>(std::clamp(std::floor(center - scale + 0.5F), 0.0F, last_start));
  const float per_pixel = 1 / scale, offset = static_cast<float>(start) + 0.5F - center;
  float sum = 0;
  for (std::uint32_t tap = 0; tap < count_; ++tap) {
    exact_[tap] = std::max(0.0F, 1 - std::abs(static_cast<float>(tap) + offset) * per_pixel);
    sum += exact_[tap];
  }
  if (sum <= 0) {  // the box ends in the outer half of the last pixel
    exact_[count_ - 1] = sum = 1;
  }
  std::uint16_t* weights = weights_.data() + i * stride_;
  const float to_weight = kOne / sum;
  std::uint32_t largest = 0, total = 0;
  for (std::uint32_t tap = 0; tap < count_; ++tap) {
    const auto weight = static_cast<std::uint32_t>(exact_[tap] * to_weight + 0.5F);
    weights[tap] = static_cast<std::uint16_t>(std::min(weight, kLargest));
    total += weights[tap];
    if (exact_[tap] > exact_[largest]) largest = tap;
  }
  const std::uint32_t rest = weights[largest] + static_cast<std::uint32_t>(kOne) - total;
  weights[largest] = static_cast<std::uint16_t>(std::min(rest, kLargest));
  starts_[i] = start;
}

}  // namespace feedline

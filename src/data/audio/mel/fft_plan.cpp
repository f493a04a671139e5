#include "fft_plan.hpp"

#include <feedline/common/errors.hpp>

#include <cmath>
#include <numbers>

namespace feedline {
namespace {

void push_unit(std::vector<float>& values, double turn) {
  const double angle = -2 * std::numbers::pi * turn;
  values.push_back(static_cast<float>(std::cos(angle)));
  values.push_back(static_cast<float>(std::sin(angle)));
}

std::uint32_t next_radix(std::uint32_t length) {
  for (const std::uint32_t radix : {4U, 2U, 3U, 5U})
    if (length % radix == 0) return radix;
  throw InternalError("A transform of this length cannot be split.");
}

}  // namespace

FftPlan make_fft_plan(std::uint32_t n) {
  FftPlan plan;
  plan.size = n / 2;
  std::uint32_t stride = 1;
  for (std::uint32_t length = plan.size; length > 1;) {
    const std::uint32_t radix = next_radix(length);
    plan.passes.push_back({radix, length, stride, static_cast<std::uint32_t>(plan.twiddles.size())});
    for (std::uint32_t j = 0; j < length / radix; ++j)
      for (std::uint32_t r = 1; r < radix; ++r) push_unit(plan.twiddles, static_cast<double>(j) * r / length);
    length /= radix;
    stride *= radix;
  }
  for (std::uint32_t k = 0; k <= n / 4; ++k) push_unit(plan.real_twiddles, static_cast<double>(k) / n);
  return plan;
}

}  // namespace feedline

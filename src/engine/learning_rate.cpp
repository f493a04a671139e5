#include <feedline/engine/learner.hpp>

#include <cmath>
#include <numbers>

namespace feedline {

double learning_rate(double base, std::uint64_t step, std::uint64_t total, std::uint64_t warmup) noexcept {
  if (step < warmup) return base * static_cast<double>(step + 1) / static_cast<double>(warmup);
  if (step >= total) return 0;
  const double done = static_cast<double>(step - warmup) / static_cast<double>(total - warmup);
  return base * 0.5 * (1 + std::cos(std::numbers::pi * done));
}

}  // namespace feedline

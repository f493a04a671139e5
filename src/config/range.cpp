#include "range.hpp"

#include <fmt/format.h>

#include <cmath>

namespace feedline::config {

bool Range::holds(double value) const {
  if (!std::isfinite(value)) return false;
  const bool high_enough = lowest_is_out ? value > lowest : value >= lowest;
  return high_enough && (highest_is_out ? value < highest : value <= highest);
}

std::string Range::words(const std::string& unit) const {
  if (std::isinf(highest))
    return fmt::format("{}{} {}", unit, lowest_is_out ? " above" : ", at least", lowest);
  if (lowest_is_out) return fmt::format("{}, above {} and up to {}", unit, lowest, highest);
  return fmt::format("{} from {} to {}{}", unit, lowest, highest_is_out ? "below " : "", highest);
}

}  // namespace feedline::config

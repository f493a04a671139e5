#pragma once

#include <limits>
#include <string>

namespace feedline::config {

/// The range of numbers that a flag takes: `from(0).to(100)`, `above(0)`, `from(0).below(1)`.
struct Range {
  double lowest;
  bool lowest_is_out = false;
  double highest = std::numeric_limits<double>::infinity();
  bool highest_is_out = false;

  constexpr Range to(double last) const { return {lowest, lowest_is_out, last, false}; }
  constexpr Range below(double end) const { return {lowest, lowest_is_out, end, true}; }

  bool holds(double value) const;

  /// Returns the range in words, such as "seconds from 0 to 86400", where `unit` is "seconds".
  std::string words(const std::string& unit) const;
};

constexpr Range from(double lowest) {
  return {lowest};
}

constexpr Range above(double lowest) {
  return {lowest, true};
}

}  // namespace feedline::config

#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace feedline {

// Formats for the figures in texts on the terminal.

/// Formats a percentage: "41 %", with a decimal for small values: "2.3 %". `share` is 0..1.
inline std::string percent(double share) {
  const double value = 100 * share;
  return value >= 10 || value < 0.05 ? fmt::format("{:.0f} %", value) : fmt::format("{:.1f} %", value);
}

/// Formats a rate with at least two digits: "2912", "3.1".
inline std::string rate(double value) {
  return value >= 10 ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value);
}

/// Formats a count with its noun: "1 step", "120000 steps".
inline std::string counted(std::uint64_t count, const std::string& one, const std::string& many = "") {
  if (count == 1) return "1 " + one;
  return fmt::format("{} {}", count, many.empty() ? one + "s" : many);
}

}  // namespace feedline

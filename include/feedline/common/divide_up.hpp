#pragma once

namespace feedline {

/// Returns value / by, rounded up. Neither may be negative, and `by` must not be 0.
template <class Number>
constexpr Number divide_up(Number value, Number by) noexcept {
  return (value + by - 1) / by;
}

}  // namespace feedline

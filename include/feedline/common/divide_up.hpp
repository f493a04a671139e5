#pragma once

namespace feedline {

/// value / by, rounded up; neither is negative, `by` is not 0.
template <class Number>
constexpr Number divide_up(Number value, Number by) noexcept {
  return (value + by - 1) / by;
}

}  // namespace feedline

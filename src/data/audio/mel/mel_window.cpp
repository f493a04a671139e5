#include "mel_window.hpp"

#include <cmath>
#include <numbers>

namespace feedline {
namespace {

double window_value(MelWindow window, std::uint32_t i, std::uint32_t length) {
  const double whole = 2 * std::numbers::pi * i / length;
  const double to_the_end = 2 * std::numbers::pi * i / (length - 1);
  switch (window) {
    case MelWindow::kHann:
      return 0.5 - 0.5 * std::cos(whole);
    case MelWindow::kHannSymmetric:
      return 0.5 - 0.5 * std::cos(to_the_end);
    case MelWindow::kHamming:
      return 0.54 - 0.46 * std::cos(whole);
    case MelWindow::kPovey:
      break;
  }
  return std::pow(0.5 - 0.5 * std::cos(to_the_end), 0.85);
}

}  // namespace

std::uint32_t window_begin(const MelSpec& spec) noexcept {
  return spec.window_first ? 0 : (spec.n_fft - spec.win_length) / 2;
}

std::vector<float> make_window(const MelSpec& spec) {
  std::vector<float> window(spec.n_fft, 0);
  for (std::uint32_t i = 0; i < spec.win_length; ++i)
    window[window_begin(spec) + i] = static_cast<float>(window_value(spec.window, i, spec.win_length));
  return window;
}

}  // namespace feedline

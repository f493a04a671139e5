#pragma once

#include <cstdint>
#include <vector>

namespace feedline {

/// One pass of a Stockham transform of a sequence of `length` numbers, with `stride` sequences side by side
/// (Stockham, 1966; as in Van Loan, "Computational Frameworks for the FFT", 1992, section 1.7).
struct FftPass {
  std::uint32_t radix = 2;
  std::uint32_t length = 0;
  std::uint32_t stride = 0;
  /// Index of its first twiddle in FftPlan::twiddles: radix - 1 complex numbers for each of length / radix
  std::uint32_t first_twiddle = 0;
};

/// A plan to transform `n` real numbers by one transform of n / 2 complex numbers.
struct FftPlan {
  std::uint32_t size = 0;  ///< Size of the complex transform
  std::vector<FftPass> passes;
  std::vector<float> twiddles;       ///< Cosines and sines, computed in double
  std::vector<float> real_twiddles;  ///< Values of exp(-2 pi i k / n) for k = 0 .. n / 4
};

/// Makes the plan for `n` real numbers. `n` must be a multiple of 4 without prime factors above 5.
FftPlan make_fft_plan(std::uint32_t n);

}  // namespace feedline

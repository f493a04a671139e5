#pragma once

#include <cstdint>
#include <vector>

namespace feedline {

/// One pass of a Stockham transform of a sequence of `length` numbers, `stride` sequences side by side
/// (Stockham, 1966; as in Van Loan, "Computational Frameworks for the FFT", 1992, section 1.7).
struct FftPass {
  std::uint32_t radix = 2;
  std::uint32_t length = 0;
  std::uint32_t stride = 0;
  std::uint32_t first_twiddle =
      0;  ///< in FftPlan::twiddles: radix - 1 complex numbers for each of length / radix
};

/// How the transform of `n` real numbers is done by one of n / 2 complex ones.
struct FftPlan {
  std::uint32_t size = 0;  ///< of the complex transform
  std::vector<FftPass> passes;
  std::vector<float> twiddles;       ///< cosine and sine, computed in double
  std::vector<float> real_twiddles;  ///< exp(-2 pi i k / n) for k = 0 .. n / 4
};

/// `n` must be a multiple of 4 without prime factors above 5.
FftPlan make_fft_plan(std::uint32_t n);

}  // namespace feedline

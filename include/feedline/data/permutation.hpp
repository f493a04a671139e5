#pragma once

#include <feedline/common/philox.hpp>

#include <array>
#include <cstdint>

namespace feedline {

/// A keyed permutation of 0..size-1: position -> id in O(1), without a table. A Feistel network of 8 rounds
/// over the bits that `size` needs, keyed by Philox, walked until the value lies inside (Black and Rogaway,
/// "Ciphers with arbitrary finite domains", CT-RSA 2002): at most two walks on average.
///
/// Thread rule: const after construction, for any number of threads. Cheap to make.
class Permutation {
 public:
  Permutation(std::uint64_t size, std::uint64_t seed, std::uint32_t epoch, RandomPurpose purpose) noexcept;

  std::uint64_t size() const noexcept { return size_; }

  /// `position` must be below `size()`.
  std::uint64_t operator()(std::uint64_t position) const noexcept;

 private:
  std::uint64_t encrypt(std::uint64_t value) const noexcept;

  std::uint64_t size_;
  std::array<std::uint64_t, 2> key_{};
  unsigned right_bits_;
  std::uint64_t left_mask_;
  std::uint64_t right_mask_;
};

}  // namespace feedline

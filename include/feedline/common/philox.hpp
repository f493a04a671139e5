#pragma once

#include <array>
#include <cstdint>

namespace feedline {

/// Returns one block of Philox4x32 with 10 rounds: 128 random bits that depend only on counter and key.
/// Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11, section 4.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) noexcept;

/// The purpose of a random stream. Streams of different purposes never overlap.
enum class RandomPurpose : std::uint32_t {
  kAugment = 1,
  kOrder = 2,
  kSplit = 3,
  kReplace = 4,
  kBatchOrder = 5
};

/// The random stream of one (seed, purpose, epoch, sample id), the same on any worker and in any order. A
/// stream is cheap to construct, has no external state and must not be shared between threads.
class Philox {
 public:
  Philox(std::uint64_t seed, RandomPurpose purpose, std::uint32_t epoch, std::uint64_t id) noexcept;

  std::uint32_t next_u32() noexcept;

  /// Returns a uniform number in [0, bound) without bias (Lemire, "Fast random integer generation in an
  /// interval", 2019). `bound` must not be 0.
  std::uint32_t next_below(std::uint32_t bound) noexcept;

  /// Returns a uniform number in [0, 1) with 24 random bits.
  float next_float() noexcept;

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

}  // namespace feedline

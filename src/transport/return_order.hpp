#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace feedline {

/// Notes which of the last lent batches are back, for batches that return in any order. One thread at a time.
class ReturnOrder {
 public:
  /// `most` is the largest number of batches that are on loan at the same time.
  explicit ReturnOrder(std::size_t most) : is_back_(most) {}

  /// Notes that batch `number` is back, and returns the number of batches that are back without a gap, from
  /// batch 0. `number` must be on loan.
  std::uint64_t note(std::uint64_t number) noexcept {
    flag(number) = true;
    for (; flag(count_); ++count_) flag(count_) = false;
    return count_;
  }

 private:
  std::vector<char>::reference flag(std::uint64_t number) noexcept {
    return is_back_[number % is_back_.size()];
  }

  std::vector<char> is_back_;  ///< One flag for each batch from `count_` on
  std::uint64_t count_ = 0;
};

}  // namespace feedline

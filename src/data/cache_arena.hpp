#pragma once

#include <feedline/common/posix.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace feedline {

/// Memory that a cache fills once, piece after piece, up to a number of bytes. Physical memory is used only
/// as it fills. Any thread; no locks.
class CacheArena {
 public:
  CacheArena() = default;

  /// Throws a UsageError when the address space is too small.
  explicit CacheArena(std::uint64_t budget) {
    if (budget > 0) memory_ = Mapping::reserved(budget);
  }

  /// Returns a piece of `bytes`, aligned to 64 bytes, or null when there is no room for it.
  std::byte* take(std::size_t bytes) noexcept {
    const std::size_t whole = aligned(bytes);
    std::uint64_t at = used_.load(std::memory_order_relaxed);
    do {
      if (whole > memory_.bytes().size() - at) return nullptr;
    } while (
        !used_.compare_exchange_weak(at, at + whole, std::memory_order_acq_rel, std::memory_order_relaxed));
    return memory_.bytes().data() + at;
  }

  /// Takes back a piece of `bytes`, which must be the newest one; returns false when it is not.
  bool give_back(const std::byte* piece, std::size_t bytes) noexcept {
    const auto begin = static_cast<std::uint64_t>(piece - memory_.bytes().data());
    std::uint64_t end = begin + aligned(bytes);
    return used_.compare_exchange_strong(end, begin, std::memory_order_acq_rel, std::memory_order_relaxed);
  }

  std::uint64_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kAlignment = 64;

  static std::size_t aligned(std::size_t bytes) noexcept {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
  }

  Mapping memory_;
  std::atomic<std::uint64_t> used_{0};
};

}  // namespace feedline

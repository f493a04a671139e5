#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/data/stages.hpp>

#include <atomic>
#include <cstdint>

namespace feedline {

/// Sums of the times that stages took. Any thread.
class StageSums {
 public:
  void add(Clock::duration read, Clock::duration decode, Clock::duration transform) noexcept {
    samples_.fetch_add(1, std::memory_order_relaxed);
    add_part(read, decode, transform);
  }

  /// Adds time of a sample that a later add() counts.
  void add_part(Clock::duration read, Clock::duration decode, Clock::duration transform) noexcept {
    read_ns_.fetch_add(ns(read), std::memory_order_relaxed);
    decode_ns_.fetch_add(ns(decode), std::memory_order_relaxed);
    transform_ns_.fetch_add(ns(transform), std::memory_order_relaxed);
  }

  StageTimes times() const noexcept {
    return {samples_.load(std::memory_order_relaxed), seconds(read_ns_), seconds(decode_ns_),
            seconds(transform_ns_)};
  }

 private:
  using Count = std::atomic<std::int64_t>;

  static std::int64_t ns(Clock::duration time) noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
  }
  static double seconds(const Count& sum) noexcept {
    return static_cast<double>(sum.load(std::memory_order_relaxed)) * 1e-9;
  }

  std::atomic<std::uint64_t> samples_{0};
  Count read_ns_{0}, decode_ns_{0}, transform_ns_{0};
};

}  // namespace feedline

#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/metrics/trace.hpp>

#include <algorithm>
#include <cstdint>

namespace feedline {

/// An optional lane for work that a device does one piece after the other although it is enqueued ahead: a
/// piece is shown to begin when the one before it has ended. Times are those at which the host noticed.
class SpanLane {
 public:
  explicit SpanLane(TraceLane* lane) noexcept : lane_(lane) {}

  /// Adds work that was enqueued at `asked` and has just ended.
  void add(const Stage& stage, Clock::time_point asked, std::uint64_t first, std::uint64_t second) noexcept {
    if (lane_ == nullptr) return;
    const auto now = Clock::now();
    lane_->add(stage, std::max(asked, last_), now, first, second);
    last_ = now;
  }

 private:
  TraceLane* lane_;
  Clock::time_point last_{};
};

}  // namespace feedline

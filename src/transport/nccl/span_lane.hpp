#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/metrics/trace.hpp>

#include <algorithm>
#include <cstdint>

namespace feedline {

/// A lane, if there is one, of work that a device does one after the other although it is asked for ahead:
/// what is shown begins when the work before it has ended. Times are those at which the host saw it.
class SpanLane {
 public:
  explicit SpanLane(TraceLane* lane) noexcept : lane_(lane) {}

  /// Work that was asked for at `asked` and has just ended.
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

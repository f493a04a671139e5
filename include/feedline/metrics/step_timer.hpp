#pragma once

#include <feedline/common/clock.hpp>

namespace feedline {

/// Where the training loop's time goes. An epoch's wall time runs from its first step's start to its last
/// step's end; waiting for the first batch, validation and checkpoints are not in it.
class StepTimer {
 public:
  void begin_epoch() noexcept { in_epoch_ = false; }

  /// One training batch: how long it was waited for, and when its work began and ended.
  void add_batch(Clock::duration waited, Clock::time_point begin, Clock::time_point end) noexcept;

  void add_validation(Clock::duration duration) noexcept { val_ += duration; }

  double wall_s() const noexcept { return to_seconds(wall_); }
  double step_s() const noexcept { return to_seconds(step_); }
  double data_wait_s() const noexcept { return to_seconds(wait_); }
  double val_s() const noexcept { return to_seconds(val_); }

  /// Share of the wall time in which training worked; 1 before the first step.
  double busy() const noexcept { return wall_.count() > 0 ? step_s() / wall_s() : 1.0; }

 private:
  Clock::duration wall_{}, step_{}, wait_{}, val_{};
  Clock::time_point last_end_{};
  bool in_epoch_ = false;
};

}  // namespace feedline

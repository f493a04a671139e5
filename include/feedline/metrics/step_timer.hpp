#pragma once

#include <feedline/common/clock.hpp>

namespace feedline {

/// Where the training loop's time goes. An epoch's wall time runs from its first step's start to its last
/// step's end, by the host's clock or by the device's; waiting for the first batch, validation and
/// checkpoints are not in it.
class StepTimer {
 public:
  /// Sums of an earlier part of the run, in seconds.
  struct Sums {
    double wall = 0, step = 0, wait = 0, val = 0, checkpoint = 0;
  };

  StepTimer() = default;
  explicit StepTimer(const Sums& earlier) noexcept;
  Sums sums() const noexcept { return {wall_s(), step_s(), data_wait_s(), val_s(), checkpoint_s()}; }

  void begin_epoch() noexcept { in_epoch_ = false; }

  /// One training batch: how long it was waited for, and when its work began and ended.
  void add_batch(Clock::duration waited, Clock::time_point begin, Clock::time_point end) noexcept;

  /// The same by the clock of a device: how long it had stood idle, which counts as waiting whatever the
  /// reason (data, its copy, the host's asking), and how long its work took.
  void add_batch(Clock::duration idle, Clock::duration work) noexcept;

  void add_validation(Clock::duration duration) noexcept { val_ += duration; }

  /// How long training stood still for a checkpoint, after the batch that was added last.
  void add_checkpoint(Clock::duration duration) noexcept {
    checkpoint_ += duration;
    last_end_ += duration;
    paused_ += duration;
  }

  double wall_s() const noexcept { return to_seconds(wall_); }
  double step_s() const noexcept { return to_seconds(step_); }
  double data_wait_s() const noexcept { return to_seconds(wait_); }
  double val_s() const noexcept { return to_seconds(val_); }

  double checkpoint_s() const noexcept { return to_seconds(checkpoint_); }

  /// Share of the wall time in which training worked; 1 before the first step.
  double busy() const noexcept { return wall_.count() > 0 ? step_s() / wall_s() : 1.0; }

 private:
  Clock::duration wall_{}, step_{}, wait_{}, val_{}, checkpoint_{};
  Clock::time_point last_end_{};
  Clock::duration paused_{};  ///< for checkpoints, since the last batch: of the next one's idle time
  bool in_epoch_ = false;
};

}  // namespace feedline

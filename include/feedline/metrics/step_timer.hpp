#pragma once

#include <feedline/common/clock.hpp>

namespace feedline {

/// Accounts for the time of the training loop. An epoch's wall time runs from the start of its first step to
/// the end of its last one, by the clock of the host or of the device. It excludes the wait for the first
/// batch, validation and checkpoints.
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

  /// Adds one training batch: the time waited for it, and the begin and end of its work.
  void add_batch(Clock::duration waited, Clock::time_point begin, Clock::time_point end) noexcept;

  /// As above, by the clock of a device: the time it was idle before the work, and the duration of the work.
  /// All idle time counts as waiting, whether for the data, its copy or the host's calls.
  void add_batch(Clock::duration idle, Clock::duration work) noexcept;

  void add_validation(Clock::duration duration) noexcept { val_ += duration; }

  /// Adds the time that training stood still for a checkpoint after the last added batch.
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

  /// Returns the share of the wall time in which training worked; 1 before the first step.
  double busy() const noexcept { return wall_.count() > 0 ? step_s() / wall_s() : 1.0; }

 private:
  Clock::duration wall_{}, step_{}, wait_{}, val_{}, checkpoint_{};
  Clock::time_point last_end_{};
  Clock::duration paused_{};  ///< Checkpoint time since the last batch, part of the next idle time
  bool in_epoch_ = false;
};

}  // namespace feedline

#include <feedline/metrics/step_timer.hpp>

#include <algorithm>

namespace feedline {

StepTimer::StepTimer(const Sums& earlier) noexcept
    : wall_(from_seconds(earlier.wall)),
      step_(from_seconds(earlier.step)),
      wait_(from_seconds(earlier.wait)),
      val_(from_seconds(earlier.val)),
      checkpoint_(from_seconds(earlier.checkpoint)) {}

void StepTimer::add_batch(Clock::duration waited, Clock::time_point begin, Clock::time_point end) noexcept {
  if (in_epoch_) {
    wall_ += end - last_end_;
    wait_ += waited;
  } else {
    wall_ += end - begin;
  }
  step_ += end - begin;
  last_end_ = end;
  paused_ = {};
  in_epoch_ = true;
}

void StepTimer::add_batch(Clock::duration idle, Clock::duration work) noexcept {
  if (in_epoch_) {
    idle = std::max(idle - paused_, Clock::duration::zero());
    wall_ += idle;
    wait_ += idle;
  }
  wall_ += work;
  step_ += work;
  paused_ = {};
  in_epoch_ = true;
}

}  // namespace feedline

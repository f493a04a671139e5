#include <feedline/metrics/step_timer.hpp>

namespace feedline {

void StepTimer::add_batch(Clock::duration waited, Clock::time_point begin, Clock::time_point end) noexcept {
  if (in_epoch_) {
    wall_ += end - last_end_;
    wait_ += waited;
  } else {
    wall_ += end - begin;
  }
  step_ += end - begin;
  last_end_ = end;
  in_epoch_ = true;
}

}  // namespace feedline

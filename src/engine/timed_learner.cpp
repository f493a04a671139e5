#include "timed_learner.hpp"

#include <time.h>

#include <cerrno>
#include <chrono>

namespace feedline {

TimedLearner::TimedLearner(double step_ms)
    : hold_(std::chrono::ceil<Clock::duration>(std::chrono::duration<double, std::milli>(step_ms))) {}

void TimedLearner::hold() const {
  if (hold_ <= Clock::duration::zero()) return;
  // The time is absolute, on the clock that steady_clock reads, so that a signal does not change the length
  // of the step.
  const auto until =
      std::chrono::duration_cast<std::chrono::nanoseconds>((Clock::now() + hold_).time_since_epoch());
  timespec at{};
  at.tv_sec = static_cast<time_t>(until.count() / 1'000'000'000);
  at.tv_nsec = static_cast<long>(until.count() % 1'000'000'000);
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) == EINTR) {
  }
}

std::optional<BatchResult> TimedLearner::accumulate(const Slot&, std::uint64_t) {
  hold();
  return BatchResult{};
}

void TimedLearner::evaluate(const Slot&) {
  hold();
}

}  // namespace feedline

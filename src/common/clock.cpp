#include <feedline/common/clock.hpp>

#include <algorithm>
#include <thread>

namespace feedline {

Clock::duration OwnTime::look(Clock::time_point now) noexcept {
  passed_ += std::min(now - last_, longest_);
  last_ = now;
  return passed_;
}

void Backoff::sleep() {
  std::this_thread::sleep_for(next());
}

std::chrono::microseconds Backoff::next() noexcept {
  const auto pause = pause_;
  pause_ = std::min(pause_ * 2, longest_);
  return pause;
}

}  // namespace feedline

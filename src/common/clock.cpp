#include <feedline/common/clock.hpp>

#include <algorithm>
#include <thread>

namespace feedline {

void Backoff::sleep() {
  std::this_thread::sleep_for(next());
}

std::chrono::microseconds Backoff::next() noexcept {
  const auto pause = pause_;
  pause_ = std::min(pause_ * 2, longest_);
  return pause;
}

}  // namespace feedline

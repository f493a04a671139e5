#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/transport/channel_control.hpp>

#include <atomic>

namespace feedline {

/// Measures how long copies, transfers, and both at once were in progress, as seen by a thread that looks
/// repeatedly. One thread calls `look`; any may call `times`.
class OverlapMeter {
 public:
  void look(bool copying, bool transferring) noexcept {
    const auto now = Clock::now();
    const double passed = to_seconds(now - last_);
    last_ = now;
    if (copying_) add(copy_, passed);
    if (transferring_) add(transfer_, passed);
    if (copying_ && transferring_) add(both_, passed);
    copying_ = copying;
    transferring_ = transferring;
  }

  DeviceTimes times() const noexcept { return {copy_, transfer_, both_}; }

 private:
  static void add(std::atomic<double>& sum, double seconds) noexcept { sum = sum + seconds; }

  Clock::time_point last_ = Clock::now();
  bool copying_ = false, transferring_ = false;
  std::atomic<double> copy_{0}, transfer_{0}, both_{0};
};

}  // namespace feedline

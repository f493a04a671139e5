#pragma once

#include <chrono>
#include <string>

namespace feedline {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

inline double to_seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

inline Clock::duration from_seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

/// The time at which a wait gives up, and the seconds it was allowed. Every wait in feedline has a deadline.
struct Deadline {
  Clock::time_point at;
  Clock::duration allowed;

  static Deadline in(double seconds) { return {Clock::now() + from_seconds(seconds), from_seconds(seconds)}; }
  bool passed() const { return Clock::now() >= at; }
};

/// Measures the time during which this process runs, for a thread that looks at it repeatedly. At most
/// `longest` of the time between two looks counts. During the rest the process was stopped (by a signal, by a
/// debugger or with the whole machine) and was not waiting.
class OwnTime {
 public:
  explicit OwnTime(Clock::duration longest, Clock::time_point start = Clock::now()) noexcept
      : longest_(longest), last_(start) {}

  /// Returns the running time since the start.
  Clock::duration look(Clock::time_point now = Clock::now()) noexcept;

 private:
  Clock::duration longest_;
  Clock::time_point last_;
  Clock::duration passed_{};
};

/// Sleeps that grow from 1 us to `longest`, so that polling does not use up a core.
class Backoff {
 public:
  explicit Backoff(std::chrono::microseconds longest = std::chrono::milliseconds(1)) : longest_(longest) {}

  /// Blocks for the current pause, then doubles it.
  void sleep();

  /// Returns the pause that `sleep` would take, then doubles it. For callers that wait on something else
  /// meanwhile.
  std::chrono::microseconds next() noexcept;

  void reset() noexcept { pause_ = std::chrono::microseconds(1); }

 private:
  std::chrono::microseconds longest_;
  std::chrono::microseconds pause_{1};
};

}  // namespace feedline

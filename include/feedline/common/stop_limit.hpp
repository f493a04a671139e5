#pragma once

#include <feedline/common/posix.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace feedline {

/// A thread that ends a process which was asked to stop, but whose work cannot be interrupted and does not
/// end, as a model's `forward` may not. Before a stop is asked for it only waits. Afterwards one piece of
/// work may take a minute, and 20 times as long as any before; only time in which this process runs counts.
class StopLimit {
 public:
  /// Told once, from the thread, what has not ended and for how many seconds; is to end the process. Should
  /// the work end after all, its thread stays where it is: so what that thread writes between two pieces of
  /// work can be read.
  using End = std::function<void(const std::string& what, double seconds)>;

  /// A piece of work of the one thread that is watched, from here to the object's end; not one within
  /// another.
  class Work {
   public:
    /// `what`, a literal, with `number` in place of {}. Without a `limit` nothing is watched.
    Work(StopLimit* limit, const char* what, std::uint64_t number = 0) noexcept;
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work();

   private:
    StopLimit* limit_;
  };

  /// After `install_stop_signals`. `seconds` stands for the time that a piece of work may take.
  StopLimit(std::optional<double> seconds, End on_end);
  StopLimit(const StopLimit&) = delete;
  StopLimit& operator=(const StopLimit&) = delete;
  ~StopLimit();

 private:
  void run();
  bool wait(int milliseconds, bool for_stop) const;
  double limit() const noexcept;

  std::optional<double> seconds_;
  End on_end_;
  /// In `turns_`: the process is being ended.
  static constexpr std::uint64_t kEnding = std::uint64_t{1} << 63;

  std::atomic<std::uint64_t> turns_{0};  ///< pieces of work begun and ended: odd within one
  std::atomic<const char*> what_{nullptr};
  std::atomic<std::uint64_t> number_{0};
  std::atomic<std::int64_t> longest_{0};  ///< in ns
  std::int64_t begin_ = 0;                ///< of this piece; only the thread that works uses it
  UniqueFd over_;
  std::thread thread_;
};

}  // namespace feedline

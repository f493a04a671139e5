#pragma once

#include <feedline/common/posix.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace feedline {

/// A thread that ends the process after a stop request when its work cannot be interrupted and does not end,
/// such as a model's `forward`. Before the request it only waits. Afterwards one piece of work may take one
/// minute or 20 times as long as the longest before it, whichever is more. Only time in which this process
/// runs counts.
class StopLimit {
 public:
  /// Called once, from this thread, with the work that has not ended and its seconds; must end the process.
  /// If the work ends after all, the working thread is held there, so that data which it writes between two
  /// pieces of work can be read.
  using End = std::function<void(const std::string& what, double seconds)>;

  /// A piece of work of the one watched thread, which lasts as long as the object. Pieces must not be nested.
  class Work {
   public:
    /// `what` is a literal, in which `number` replaces {}. Where `limit` is null, the work is not watched.
    Work(StopLimit* limit, const char* what, std::uint64_t number = 0) noexcept;
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work();

   private:
    StopLimit* limit_;
  };

  /// Must follow `install_stop_signals`. `seconds`, if given, is the time that a piece of work may take.
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
  /// Bit in `turns_` that marks that the process is being ended.
  static constexpr std::uint64_t kEnding = std::uint64_t{1} << 63;

  std::atomic<std::uint64_t> turns_{0};  ///< Pieces of work begun plus ended: odd during one
  std::atomic<const char*> what_{nullptr};
  std::atomic<std::uint64_t> number_{0};
  std::atomic<std::int64_t> longest_{0};  ///< Longest piece of work so far, in ns
  std::int64_t begin_ = 0;                ///< Start of the current piece; only the working thread uses it
  UniqueFd over_;
  std::thread thread_;
};

}  // namespace feedline

#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/transport/channel_control.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace feedline {

/// The process at the other end of a channel; for a single rank, its own workers.
struct Counterpart {
  std::string name;               ///< Name of the process in messages: "rank 0 (data)"
  int pid = 0;                    ///< Process id; 0 if the process is not on this node
  bool trains = false;            ///< Whether the process uses the batches; else it prepares them
  bool beats = false;             ///< Whether the process shows signs of life in the channel
  bool waits_for_others = false;  ///< Whether it waits for ranks other than this one: it gets twice the time
};

/// The watchdog: a thread that watches over a rank while batches stream. Five times a second it shows the
/// other end that this process runs, and checks the other end for signs of life and for progress. It wakes
/// the rank when a stop is requested.
///
/// The other end hangs when it gives no sign of life for 10 s, or when this end waits too long for one batch:
/// 20 times longer than ever before, and for at least two minutes (ten minutes where the other end trains,
/// and before the first batch). Only time in which this process runs counts.
class Watchdog {
 public:
  /// Watches over the process at the other end of `channel`, which must outlive the watchdog. `hang_timeout`,
  /// in seconds, replaces both limits. The thread calls `on_hang(message)` once.
  Watchdog(ChannelControl& channel, Counterpart other, std::optional<double> hang_timeout,
           std::function<void(const std::string&)> on_hang);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

 private:
  /// A counter that must change from time to time.
  struct Pace {
    std::uint64_t last = 0;
    int quiet = 0;    ///< Ticks since the counter last changed while a change was expected
    int longest = 0;  ///< Longest such time so far, in ticks
    bool changed = false;

    /// Takes the counter's value at this tick. `expected`: whether the counter should change, so that its
    /// silence counts.
    void look(std::uint64_t now, bool expected) noexcept;
  };

  void run();
  void tick();
  void stop();
  std::optional<std::string> find_hang(const ChannelView& now);
  int patience() const noexcept;
  void tell_state(const ChannelView& now) const;

  ChannelControl& channel_;
  Counterpart other_;
  std::optional<double> hang_timeout_;
  std::function<void(const std::string&)> on_hang_;
  bool trains_;  ///< Whether this process does
  bool told_ = false;
  bool stopping_ = false;
  /// Whether a stop was requested: the other end then ends its own work if that does not end by itself
  bool yields_ = false;
  Pace life_, progress_;
  UniqueFd over_;
  std::thread thread_;
};

}  // namespace feedline

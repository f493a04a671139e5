#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/transport/connect.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace feedline {

/// Who is at the other end of a channel; of a single rank, its own workers.
struct Counterpart {
  std::string name;               ///< "rank 0 (data)"
  int pid = 0;                    ///< 0: not a process of this node
  bool beats = false;             ///< whether it shows signs of life in the channel
  bool waits_for_others = false;  ///< and not for this rank only: it is given twice as long
};

/// A thread that looks after a rank while batches stream. Five times a second it shows the other end that
/// this process runs, and looks for signs of life and of progress there; it wakes the rank when it is asked
/// to stop.
///
/// The other end hangs when it gave no sign of life for 10 s, or when it has let this end wait for one batch
/// 20 times as long as ever before, and for two minutes at least (ten, where it trains; before the first
/// batch ten as well). Only time in which this process runs counts.
class Watch {
 public:
  /// Watches over the ends of `channel` that are here. `hang_timeout`: seconds that stand for both limits.
  /// `on_hang(message)` is called once, from the thread.
  Watch(Channel& channel, Counterpart other, std::optional<double> hang_timeout,
        std::function<void(const std::string&)> on_hang);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

 private:
  /// One thing that must change from time to time.
  struct Pace {
    std::uint64_t last = 0;
    int quiet = 0;    ///< ticks since it changed while it should have
    int longest = 0;  ///< the longest such time, in ticks
    bool changed = false;

    /// Whether it changed at this tick; `expected`: whether it should, so that its silence counts.
    void look(std::uint64_t now, bool expected) noexcept;
  };

  void run();
  void tick();
  void stop();
  ChannelView view() const;
  std::optional<std::string> find_hang(const ChannelView& now);
  int patience() const noexcept;
  void tell_state(const ChannelView& now) const;

  Channel& channel_;
  Counterpart other_;
  std::optional<double> hang_timeout_;
  std::function<void(const std::string&)> on_hang_;
  bool trains_;
  bool told_ = false;
  bool stopping_ = false;
  bool yields_ = false;  ///< the other end, asked to stop, ends its own work if that does not end
  Pace life_, progress_;
  UniqueFd over_;
  std::thread thread_;
};

}  // namespace feedline

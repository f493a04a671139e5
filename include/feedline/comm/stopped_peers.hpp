#pragma once

#include <feedline/comm/peer_monitor.hpp>
#include <feedline/common/clock.hpp>

#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// That a process has been stopped (SIGSTOP) for so many seconds, for an error.
std::string stopped_message(const Peer& peer, double seconds);

/// Finds processes of this node that are stopped (SIGSTOP) while they are waited for. One that is busy, or
/// itself waits, is not. One thread.
class StoppedPeers {
 public:
  /// `seconds`: how long a process may be stopped; only time in which this one runs counts.
  StoppedPeers(std::vector<Peer> peers, double seconds);

  /// To be called often while waiting: looks ten times a second. What to say of the first one that is stopped
  /// for longer.
  std::optional<std::string> look();

 private:
  struct Watched {
    Peer peer;
    int stopped = 0;  ///< looks in a row
  };

  std::vector<Watched> peers_;
  double seconds_;
  Clock::time_point next_look_{};
};

}  // namespace feedline

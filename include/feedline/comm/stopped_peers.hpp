#pragma once

#include <feedline/comm/peer_monitor.hpp>
#include <feedline/common/clock.hpp>

#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Returns an error message: the process has been stopped (SIGSTOP) for that many seconds.
std::string stopped_message(const Peer& peer, double seconds);

/// Finds processes of this node that are stopped (SIGSTOP) while this one waits for them. A process that is
/// busy or waits does not count. For one thread.
class StoppedPeers {
 public:
  /// `seconds` is how long a process may be stopped. Only time in which this process runs counts.
  StoppedPeers(std::vector<Peer> peers, double seconds);

  /// Checks the peers, at most ten times a second; call it often while waiting. Returns the message about the
  /// first peer that is stopped for longer than the limit.
  std::optional<std::string> look();

 private:
  struct Watched {
    Peer peer;
    int stopped = 0;  ///< Number of consecutive checks that found it stopped
  };

  std::vector<Watched> peers_;
  double seconds_;
  Clock::time_point next_look_{};
};

}  // namespace feedline

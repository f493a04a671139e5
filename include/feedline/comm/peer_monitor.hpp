#pragma once

#include <feedline/common/memory_kills.hpp>
#include <feedline/common/posix.hpp>

#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace feedline {

/// A process of this node that must stay alive.
struct Peer {
  int rank = 0;
  int pid = 0;
};

/// The death of a peer.
struct Loss {
  int rank = 0;
  std::string message;  ///< Message that names the rank and its process
};

/// Detects a peer's death at once, through the kernel (pidfd), without using the CPU.
class PeerMonitor {
 public:
  /// Starts a thread that calls `on_death` once for each peer that ends. A peer that is already dead counts
  /// as a death. A peer that the kernel does not allow to be watched causes a warning.
  PeerMonitor(std::vector<Peer> peers, std::function<void(const Loss&)> on_death);
  PeerMonitor(const PeerMonitor&) = delete;
  PeerMonitor& operator=(const PeerMonitor&) = delete;

  /// Stops watching, after which peers may end. Blocks until the thread has ended.
  ~PeerMonitor();

 private:
  void watch();

  MemoryKills kills_;
  std::vector<Peer> peers_;
  std::vector<UniqueFd> pidfds_;
  std::function<void(const Loss&)> on_death_;
  UniqueFd stop_;
  std::thread thread_;
};

}  // namespace feedline

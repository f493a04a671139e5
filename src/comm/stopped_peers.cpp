#include "job_processes.hpp"

#include <feedline/comm/stopped_peers.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <chrono>

namespace feedline {
namespace {

constexpr std::chrono::milliseconds kTick{100};
constexpr double kTicksPerSecond = 10;

}  // namespace

std::string stopped_message(const Peer& peer, double seconds) {
  return fmt::format(
      "Rank {} (process {}) has been stopped for {} (SIGSTOP, state T): this rank does not wait for it any "
      "longer.",
      peer.rank, peer.pid, format_duration(seconds));
}

StoppedPeers::StoppedPeers(std::vector<Peer> peers, double seconds) : seconds_(seconds) {
  for (const Peer& peer : peers) peers_.push_back({peer, 0});
}

std::optional<std::string> StoppedPeers::look() {
  const auto now = Clock::now();
  if (now < next_look_) return std::nullopt;
  next_look_ = now + kTick;
  for (Watched& each : peers_) {
    each.stopped = process_state(each.peer.pid) == 'T' ? each.stopped + 1 : 0;
    if (each.stopped > seconds_ * kTicksPerSecond) return stopped_message(each.peer, seconds_);
  }
  return std::nullopt;
}

}  // namespace feedline

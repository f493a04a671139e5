#include <feedline/comm/peer_monitor.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

namespace feedline {
namespace {

Loss loss_of(const Peer& peer, const MemoryKills& kills) {
  return {peer.rank, fmt::format("Lost rank {} (process {}): it ended without saying why.{}", peer.rank,
                                 peer.pid, kills.reason())};
}

}  // namespace

PeerMonitor::PeerMonitor(std::vector<Peer> peers, std::function<void(const Loss&)> on_death)
    : peers_(std::move(peers)), on_death_(std::move(on_death)), stop_(eventfd(0, EFD_CLOEXEC)) {
  if (!stop_) throw_errno("Cannot make an eventfd to watch the other ranks");
  for (const Peer& peer : peers_) {
    pidfds_.emplace_back(static_cast<int>(syscall(SYS_pidfd_open, peer.pid, 0)));
    if (pidfds_.back()) continue;
    if (errno == ESRCH) {
      on_death_(loss_of(peer, kills_));
    } else {  // an old kernel, or a container that forbids it: the run works without it
      log_warning(fmt::format("Cannot watch rank {} ({}): its death would be noticed late.", peer.rank,
                              std::strerror(errno)));
    }
  }
  thread_ = std::thread([this] { watch(); });
}

PeerMonitor::~PeerMonitor() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_.get(), &one, sizeof one);
  thread_.join();
}

void PeerMonitor::watch() {
  std::vector<pollfd> fds = {{stop_.get(), POLLIN, 0}};
  for (const UniqueFd& pidfd : pidfds_) fds.push_back({pidfd.get(), POLLIN, 0});
  for (;;) {
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    if (fds[0].revents != 0) return;
    for (std::size_t i = 1; i < fds.size(); ++i) {
      if (fds[i].revents == 0) continue;
      on_death_(loss_of(peers_[i - 1], kills_));
      fds[i].fd = -1;
    }
  }
}

}  // namespace feedline

#include "job_processes.hpp"

#include <feedline/comm/start_watch.hpp>
#include <feedline/comm/stopped_peers.hpp>
#include <feedline/common/memory_kills.hpp>
#include <feedline/common/stop.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace feedline {
namespace {

constexpr int kTickMs = 100;
constexpr int kTicksPerSecond = 1000 / kTickMs;

StartEnd lost_peer(const std::string& message) {
  return {ExitCode::kPeerLost, message, 0};
}

int ticks(double seconds) {
  return static_cast<int>(seconds * kTicksPerSecond);
}

}  // namespace

/// The other ranks of this node that have been seen so far.
class StartWatch::Ranks {
 public:
  explicit Ranks(const Launch& launch) : launch_(launch) { scan(); }

  /// Looks at all of them, and returns the failure of one if there is any.
  std::optional<StartEnd> look(const StartLimits& limits) {
    ++looks_;
    if (!all_seen() || looks_ % kTicksPerSecond == 0) scan();
    if (const auto lost = find_lost()) return lost_peer(*lost);
    if (!all_seen() && launcher_ > 0 && looks_ > ticks(limits.missing))
      return StartEnd{ExitCode::kPeerLost, missing(), launcher_};
    if (launcher_ > 0 && process_state(launcher_) == 'Z')
      return lost_peer(fmt::format("The launcher (process {}) is gone, before MPI was up.", launcher_));
    return std::nullopt;
  }

  std::optional<std::string> find_stopped(const StartLimits& limits) {
    for (auto& [rank, member] : members_) {
      const auto pid = std::ranges::find_if(member.pids, [](int each) { return process_state(each) == 'T'; });
      member.stopped = pid != member.pids.end() ? member.stopped + 1 : 0;
      if (member.stopped > ticks(limits.stopped)) return stopped_message({rank, *pid}, limits.stopped);
    }
    return std::nullopt;
  }

 private:
  struct Member {
    std::set<int> pids;
    int stopped = 0;  ///< Ticks for which a process of the rank has been stopped
  };

  bool all_seen() const { return launch_.here > 0 && static_cast<int>(members_.size()) + 1 >= launch_.here; }

  void scan() {
    std::map<int, int> own;  // processes of this rank and their parents
    for (const JobProcess& process : processes_of_job(launch_.job)) {
      if (process.rank == launch_.rank) {
        own[process.pid] = process.parent;
      } else {
        members_[process.rank].pids.insert(process.pid);
      }
    }
    if (launcher_ == 0) launcher_ = find_launcher(own);
  }

  /// Returns the parent of the outermost process of this rank, or 0 if it is in another process namespace
  /// (parent 0) or adopts orphans (parent 1): in those cases the other ranks may not be visible either.
  static int find_launcher(const std::map<int, int>& own) {
    auto at = own.find(getpid());
    if (at == own.end()) return 0;
    while (own.contains(at->second)) at = own.find(at->second);
    const bool seen =
        at->second > 1 && process_state(at->second) != 'Z';  // /proc may hide those of other users
    return seen ? at->second : 0;
  }

  std::optional<std::string> find_lost() {
    for (auto& [rank, member] : members_) {
      const int last = *member.pids.rbegin();
      std::erase_if(member.pids, [](int pid) { return process_state(pid) == 'Z'; });
      if (!member.pids.empty()) continue;
      scan();  // the rank may run on as another process
      if (!member.pids.empty()) continue;
      return fmt::format("Lost rank {} (process {}): it ended before MPI was up, without saying why.{}", rank,
                         last, kills_.reason());
    }
    return std::nullopt;
  }

  std::string missing() const {
    std::vector<int> absent;
    for (int rank = 0; rank < launch_.size && launch_.here == launch_.size; ++rank) {
      if (rank != launch_.rank && !members_.contains(rank)) absent.push_back(rank);
    }
    if (!absent.empty())
      return fmt::format("Lost rank {}: it ended before MPI was up, or was never started.", absent.front());
    return fmt::format("Of the {} ranks of this node {} ended before MPI was up, or were never started.",
                       launch_.here, launch_.here - static_cast<int>(members_.size()) - 1);
  }

  const Launch& launch_;
  const MemoryKills kills_;
  std::map<int, Member> members_;
  int launcher_ = 0;
  int looks_ = 0;
};

StartWatch::StartWatch(const Launch& launch, const StartLimits& limits, End on_end)
    : launch_(launch), limits_(limits), on_end_(std::move(on_end)), over_(eventfd(0, EFD_CLOEXEC)) {
  if (!over_) throw_errno("Cannot make an eventfd for the watch over the start");
  thread_ = std::thread([this] { run(); });
}

StartWatch::~StartWatch() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(over_.get(), &one, sizeof one);
  thread_.join();
}

void StartWatch::run() {
  Ranks ranks(launch_);
  const bool sees = !launch_.job.empty();
  int waited = 0, asked = 0;
  for (pollfd over{over_.get(), POLLIN, 0}; ::poll(&over, 1, kTickMs) <= 0;) {
    if (const auto stopped = sees ? ranks.find_stopped(limits_) : std::nullopt)
      return on_end_(lost_peer(*stopped));
    if (met_.load()) continue;
    if (const auto wrong = sees ? ranks.look(limits_) : std::nullopt) return on_end_(*wrong);
    if (stop_requested() && ++asked > ticks(limits_.stopping))
      return on_end_(
          {ExitCode::kStopped, "Stopped on request before MPI was up: nothing has been trained.", 0});
    ++waited;
    if (!limits_.memory_limit.empty() && waited > ticks(limits_.short_of_memory)) {
      return on_end_(
          {ExitCode::kUsage,
           fmt::format("Rank {} waited {} for MPI to start: {}, which is probably too little for it. "
                       "Raise it.",
                       launch_.rank, format_duration(limits_.short_of_memory), limits_.memory_limit),
           0});
    }
    if (waited > ticks(limits_.all)) {
      return on_end_(lost_peer(
          fmt::format("Rank {} waited {} for MPI to start: a rank of another node is gone, or the nodes "
                      "cannot reach each other.",
                      launch_.rank, format_duration(limits_.all))));
    }
  }
}

void kill_job_here(const Launch& launch) {
  if (launch.job.empty()) return;
  for (const JobProcess& process : processes_of_job(launch.job)) {
    if (process.rank != launch.rank) kill(process.pid, SIGKILL);
  }
}

}  // namespace feedline

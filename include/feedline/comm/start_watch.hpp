#pragma once

#include <feedline/comm/launcher.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace feedline {

/// Time limits at the start, in seconds in which this process runs.
struct StartLimits {
  double missing = 5;   ///< Limit until all ranks of this node are seen, as the launcher starts them together
  double stopped = 10;  ///< Limit for a rank of this node to be stopped (SIGSTOP)
  double stopping = 5;  ///< Limit until MPI is up, after a request to stop
  double all = 600;     ///< Limit until MPI is up
  double short_of_memory = 30;  ///< Limit until MPI is up, under a `memory_limit`
  std::string memory_limit{};   ///< The limit on this process's memory that is in the way first; empty: none.
                                ///< Open MPI can wait indefinitely for memory that it does not get.
};

/// The reason why a start cannot go on.
struct StartEnd {
  ExitCode code = ExitCode::kPeerLost;  ///< Exit code; kStopped when a stop was requested
  std::string message;
  int launcher = 0;  ///< Process id of a launcher that waits for a missing rank and must be ended too, or 0
};

/// A thread that watches over the start of a job, which nothing else does. MPI_Init waits indefinitely for a
/// rank that was killed before it got there, unless the launcher ends the job (it does not under mpirun
/// --enable-recovery). The watch finds the processes of this node by the job's name in their environment, and
/// checks them ten times a second.
class StartWatch {
 public:
  /// Called once, from the thread of the watch. Must end the process.
  using End = std::function<void(const StartEnd&)>;

  StartWatch(const Launch& launch, const StartLimits& limits, End on_end);
  StartWatch(const StartWatch&) = delete;
  StartWatch& operator=(const StartWatch&) = delete;
  ~StartWatch();

  /// Reports that MPI is up and that others watch for losses. From then on only stopped ranks count.
  void ranks_have_met() noexcept { met_.store(true); }

 private:
  class Ranks;
  void run();

  Launch launch_;
  StartLimits limits_;
  End on_end_;
  std::atomic<bool> met_{false};
  UniqueFd over_;
  std::thread thread_;
};

/// Kills the processes of the job's other ranks on this node.
void kill_job_here(const Launch& launch);

}  // namespace feedline

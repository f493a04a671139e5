#pragma once

#include <feedline/comm/launcher.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace feedline {

/// How long what is awaited at the start may take, in seconds in which this process runs.
struct StartLimits {
  double missing = 5;   ///< until all ranks of this node have been seen: the launcher starts them at once
  double stopped = 10;  ///< that a rank of this node is stopped (SIGSTOP)
  double stopping = 5;  ///< until MPI is up, after a request to stop
  double all = 600;     ///< until MPI is up
};

/// Why a start cannot go on.
struct StartEnd {
  ExitCode code = ExitCode::kPeerLost;  ///< kStopped: the end that was asked for
  std::string message;
  int launcher = 0;  ///< one that waits in vain for a rank that it could not start, and must be ended as well
};

/// A thread that looks after the start of a job, in which nobody else does: MPI_Init waits for good for a
/// rank that was killed before it came there, where the launcher does not end the job (mpirun
/// --enable-recovery). It finds the processes of this node by the job's name in their environment, and looks
/// at them ten times a second.
class StartWatch {
 public:
  /// Told once, from the thread; is to end the process.
  using End = std::function<void(const StartEnd&)>;

  StartWatch(const Launch& launch, const StartLimits& limits, End on_end);
  StartWatch(const StartWatch&) = delete;
  StartWatch& operator=(const StartWatch&) = delete;
  ~StartWatch();

  /// MPI is up, and others look after losses: from here on only ranks that are stopped count.
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

/// Ends the other processes of the job on this node that are still there.
void kill_job_here(const Launch& launch);

}  // namespace feedline

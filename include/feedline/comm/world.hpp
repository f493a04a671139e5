#pragma once

#include <feedline/comm/communicator.hpp>
#include <feedline/comm/launcher.hpp>
#include <feedline/comm/mpi_environment.hpp>
#include <feedline/comm/peer_monitor.hpp>
#include <feedline/comm/start_watch.hpp>
#include <feedline/comm/stopped_peers.hpp>
#include <feedline/comm/topology.hpp>
#include <feedline/common/clock.hpp>
#include <feedline/common/thread_limits.hpp>

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// All ranks of the job as seen by one of them: MPI, the place of each rank, and the lost ranks. A single
/// rank has no MPI.
///
/// `together` and `gather` are collective and belong to one thread. No other thread may call MPI meanwhile.
class World {
 public:
  /// Starts MPI when there is more than one rank, exchanges the facts of all ranks and begins to watch the
  /// ranks of this node. `gpus` are the GPUs that this rank sees, and `gpus_train` is whether it can train on
  /// them. Blocks until all ranks are here. If a rank of this node is gone before that, or a limit is
  /// reached, reports it and ends the process. Throws UsageError when MPI and the launcher disagree about the
  /// ranks.
  World(const Launch& launch, std::vector<GpuInfo> gpus, bool gpus_train, const StartLimits& limits = {});

  /// Ends the watch over the start. From then on others look for ranks that hang.
  void start_is_over() { start_watch_.reset(); }

  int rank() const noexcept { return launch_.rank; }
  int size() const noexcept { return launch_.size; }
  const Topology& topology() const noexcept { return topology_; }

  /// Returns the communicator. There is one only with more than one rank.
  Communicator& communicator() { return *communicator_; }

  /// Does `work` here while the other ranks do theirs, then compares notes. If `work` failed here, rethrows
  /// its error. If it failed on another rank, or with the same code on a lower rank, throws RemoteError with
  /// that rank's code. `step` reads like "open the data". Blocks.
  template <class Work>
  void together(const std::string& step, Work work) {
    std::optional<Error> failure;
    std::exception_ptr thrown;
    try {
      work();
    } catch (const PeerError&) {
      throw;
    } catch (const Error& error) {
      failure = error;
      thrown = std::current_exception();
    } catch (const std::exception& error) {
      const auto limit = limit_reached(error);
      failure = limit ? *limit : InternalError("Failed to " + step + ": " + error.what());
      thrown = std::make_exception_ptr(*failure);
    }
    try {
      settle(step, failure);
    } catch (const PeerError&) {
      if (!thrown) throw;  // else the failure here is reported
    }
    if (thrown) std::rethrow_exception(thrown);
  }

  /// Returns every rank's text, by rank. Blocks. Throws RemoteError with the code of a rank that is already
  /// at the last meeting because it failed alone. `together` and `broadcast` do so too.
  std::vector<std::string> gather(const std::string& mine, const std::string& awaited);

  /// Returns the text of `root`. Blocks.
  std::string broadcast(const std::string& text, int root, const std::string& awaited);

  /// Holds the last meeting: as `gather`, but waits for ranks that are at other meetings. `code` and
  /// `message` report to them why this rank came early.
  std::vector<std::string> gather_last(const std::string& mine, ExitCode code, const std::string& message);

  /// From then on a wait also throws PeerError when a rank of `awaited` has been stopped (SIGSTOP) for longer
  /// than StartLimits::stopped, if this rank sees its process. Busy ranks are waited for.
  void end_begins(const std::vector<int>& awaited);

  /// Registers `notify`, which is called from another thread whenever a peer dies. It is called at once for
  /// peers that have already died.
  void on_loss(std::function<void(const Loss&)> notify);

  /// Returns whether that peer has died.
  bool is_lost(int rank);

  /// Returns whether any peer has died.
  bool lost_any();

  /// Throws PeerError when a peer has died.
  void check_peers();

  /// Blocks until `when`, or until `enough()` is true. Throws PeerError as soon as a peer dies.
  void sleep_until(Clock::time_point when, const std::function<bool()>& enough);

  /// Kills the other ranks of this node that are still running: they hang, or have no other rank left to work
  /// with.
  void kill_neighbours() const noexcept;

  /// Ends the watch over the peers, drops the functions of `on_loss`, then ends MPI. Blocks until all ranks
  /// are here.
  void finish();

 private:
  /// Throws RemoteError when another rank has failed.
  void settle(const std::string& step, const std::optional<Error>& failure);
  void peer_died(const Loss& loss);
  void check_stopped();

  Launch launch_;
  double stopped_limit_;
  std::optional<MpiEnvironment> mpi_;
  std::optional<Communicator> communicator_;
  Topology topology_;
  std::mutex mutex_;
  std::condition_variable lost_;
  std::vector<Loss> losses_;
  std::vector<std::function<void(const Loss&)>> notify_;
  std::optional<StartWatch> start_watch_;
  std::optional<PeerMonitor> monitor_;
  std::optional<StoppedPeers> stopped_;  ///< Used only by the thread that calls MPI
};

}  // namespace feedline

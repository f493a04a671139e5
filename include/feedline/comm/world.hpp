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

/// All ranks of the job as one of them sees it: MPI, who is where, and who is still alive. A single rank has
/// no MPI.
///
/// `together` and `gather` are collective and belong to one thread; no other thread may call MPI meanwhile.
class World {
 public:
  /// Starts MPI when there is more than one rank, introduces the ranks to each other and begins to watch
  /// those of this node. `gpus` are those this rank sees, `gpus_train` whether it can train on
  /// them. Blocks until all ranks are here; when one of this node is gone before that, or the limits are
  /// reached, says so and ends the process. Throws UsageError when MPI knows of other ranks than the launcher
  /// told of.
  World(const Launch& launch, std::vector<GpuInfo> gpus, bool gpus_train, const StartLimits& limits = {});

  /// From here on somebody else looks for ranks that hang.
  void start_is_over() { start_watch_.reset(); }

  int rank() const noexcept { return launch_.rank; }
  int size() const noexcept { return launch_.size; }
  const Topology& topology() const noexcept { return topology_; }

  /// Only with more than one rank.
  Communicator& communicator() { return *communicator_; }

  /// Does `work` here while the others do theirs, then compares notes. When it failed here, rethrows that;
  /// when it failed elsewhere, or with the same code on a rank before this one, throws RemoteError with that
  /// rank's code. `step` reads like "open the data". Blocks.
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
      if (!thrown) throw;  // else what failed here is the news
    }
    if (thrown) std::rethrow_exception(thrown);
  }

  /// Every rank's text, by rank. Blocks. When another rank is at the last meeting already, since it failed
  /// where it was alone, throws RemoteError with its code; so do `together` and `broadcast`.
  std::vector<std::string> gather(const std::string& mine, const std::string& awaited);

  /// The text of `root`. Blocks.
  std::string broadcast(const std::string& text, int root, const std::string& awaited);

  /// The last meeting: as `gather`, but ranks that are elsewhere are waited for. `code` and `message` tell
  /// them why this one came early.
  std::vector<std::string> gather_last(const std::string& mine, ExitCode code, const std::string& message);

  /// From here on a wait ends with PeerError also when one of `awaited` has been stopped (SIGSTOP) for as
  /// long as a rank may be at the start, where this rank sees its process. Whoever is busy is waited for.
  void end_begins(const std::vector<int>& awaited);

  /// Has `notify` called, from another thread, whenever a peer dies; at once for those that have died
  /// already.
  void on_loss(std::function<void(const Loss&)> notify);

  /// Whether that peer has died.
  bool is_lost(int rank);

  /// Whether any has.
  bool lost_any();

  /// Throws PeerError when a peer has died.
  void check_peers();

  /// Blocks until then, or until `enough()`; throws PeerError as soon as a peer dies.
  void sleep_until(Clock::time_point when, const std::function<bool()>& enough);

  /// Ends the other ranks of this node that are still there: they hang, or have nobody left to work with.
  void kill_neighbours() const noexcept;

  /// Ends the watch over the peers, forgets who is to be told of losses, then ends MPI. Blocks until all
  /// ranks are here.
  void finish();

 private:
  /// Throws RemoteError when it was another rank that failed.
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
  std::optional<StoppedPeers> stopped_;  ///< of the thread that calls MPI
};

}  // namespace feedline

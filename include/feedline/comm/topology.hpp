#pragma once

#include <feedline/comm/communicator.hpp>
#include <feedline/device/device.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

/// The facts about one rank that it sends to the others.
struct RankInfo {
  int rank = 0;
  int pid = 0;
  std::string host;     ///< Host name
  std::string boot_id;  ///< Boot id of the kernel it runs on
  std::uint64_t pid_namespace = 0;
  int cores = 1;              ///< Cores that it may use
  std::vector<GpuInfo> gpus;  ///< GPUs that it sees
  bool gpus_train = false;    ///< Whether its program can train on them
};

/// Collects the facts about this process.
RankInfo local_rank_info(int rank, std::vector<GpuInfo> gpus, bool gpus_train);

/// All ranks of the job.
class Topology {
 public:
  Topology() = default;
  explicit Topology(std::vector<RankInfo> ranks) : ranks_(std::move(ranks)) {}

  const std::vector<RankInfo>& ranks() const noexcept { return ranks_; }
  const RankInfo& rank(int rank) const { return ranks_.at(static_cast<std::size_t>(rank)); }

  /// Returns whether two ranks are on one node: the same host name and the same running kernel.
  bool same_node(int a, int b) const;

  /// Returns whether two ranks see each other's processes, as shared memory and death notices require: the
  /// same node and the same process namespace (two containers of a node have different ones).
  bool see_each_other(int a, int b) const;

  int nodes() const;

 private:
  std::vector<RankInfo> ranks_;
};

/// Exchanges the facts of all ranks. Collective: one allgather.
Topology exchange_topology(Communicator& communicator, const RankInfo& mine, double timeout_s);

}  // namespace feedline

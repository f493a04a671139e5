#include <feedline/comm/topology.hpp>
#include <feedline/common/resources.hpp>

#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <utility>

namespace feedline {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(GpuInfo, ordinal, name, uuid, memory_bytes, multiprocessors, clock_khz,
                                   numa_node)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RankInfo, rank, pid, host, boot_id, pid_namespace, cores, gpus, gpus_train)

RankInfo local_rank_info(int rank, std::vector<GpuInfo> gpus, bool gpus_train) {
  RankInfo info;
  info.rank = rank;
  info.pid = getpid();
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  info.host = host;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> info.boot_id;
  struct stat facts {};
  if (stat("/proc/self/ns/pid", &facts) == 0) info.pid_namespace = facts.st_ino;
  info.cores = usable_cores();
  info.gpus = std::move(gpus);
  info.gpus_train = gpus_train;
  return info;
}

bool Topology::same_node(int a, int b) const {
  return rank(a).host == rank(b).host && rank(a).boot_id == rank(b).boot_id;
}

bool Topology::see_each_other(int a, int b) const {
  return same_node(a, b) && rank(a).pid_namespace == rank(b).pid_namespace;
}

int Topology::nodes() const {
  std::set<std::pair<std::string, std::string>> nodes;
  for (const RankInfo& info : ranks_) nodes.emplace(info.host, info.boot_id);
  return static_cast<int>(nodes.size());
}

Topology exchange_topology(Communicator& communicator, const RankInfo& mine, double timeout_s) {
  std::vector<RankInfo> ranks;
  for (const std::string& text :
       communicator.allgather(nlohmann::json(mine).dump(), timeout_s, "all ranks to introduce themselves")) {
    ranks.push_back(nlohmann::json::parse(text).get<RankInfo>());
  }
  return Topology(std::move(ranks));
}

}  // namespace feedline

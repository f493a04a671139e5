#include <feedline/comm/topology.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <string>
#include <vector>

namespace feedline {
namespace {

RankInfo info(int rank, const std::string& host, const std::string& boot, std::uint64_t pid_namespace) {
  RankInfo result;
  result.rank = rank;
  result.host = host;
  result.boot_id = boot;
  result.pid_namespace = pid_namespace;
  return result;
}

TEST(Topology, RanksIntroduceThemselves) {
  Communicator world;
  const std::vector<GpuInfo> gpus = {
      {0, "GPU \"odd\"", "GPU-" + std::to_string(world.rank()), 1ull << 40, 132, 1, 3}};
  const Topology topology = exchange_topology(world, local_rank_info(world.rank(), gpus, world.rank() == 1), 30);
  ASSERT_EQ(topology.ranks().size(), static_cast<std::size_t>(world.size()));
  std::set<int> pids;
  for (int rank = 0; rank < world.size(); ++rank) {
    const RankInfo& other = topology.rank(rank);
    EXPECT_EQ(other.rank, rank);
    EXPECT_EQ(other.gpus.front().uuid, "GPU-" + std::to_string(rank));
    EXPECT_EQ(other.gpus_train, rank == 1);
    EXPECT_GE(other.cores, 1);
    pids.insert(other.pid);
    EXPECT_TRUE(topology.see_each_other(world.rank(), rank));
  }
  EXPECT_EQ(pids.size(), static_cast<std::size_t>(world.size()));
  EXPECT_EQ(topology.rank(world.rank()).pid, getpid());
  EXPECT_EQ(topology.nodes(), 1);
}

TEST(Topology, NodesAreHostsThatRunTheSameKernel) {
  const Topology topology(
      {info(0, "a", "1", 10), info(1, "a", "1", 10), info(2, "b", "1", 10), info(3, "a", "2", 10)});
  EXPECT_TRUE(topology.same_node(0, 1));
  EXPECT_FALSE(topology.same_node(0, 2));
  EXPECT_FALSE(topology.same_node(0, 3)) << "two machines of the same name";
  EXPECT_EQ(topology.nodes(), 3);
}

TEST(Topology, ContainersOfANodeDoNotSeeEachOther) {
  const Topology topology({info(0, "a", "1", 10), info(1, "a", "1", 11)});
  EXPECT_TRUE(topology.same_node(0, 1));
  EXPECT_FALSE(topology.see_each_other(0, 1));
  EXPECT_EQ(topology.nodes(), 1);
}

}  // namespace
}  // namespace feedline

#include "mpi_world.hpp"
#include "numbered_batches.hpp"

#include <feedline/common/posix.hpp>
#include <feedline/transport/connect.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace feedline {
namespace {

using testing::mpi_world;
using testing::numbered_spec;
using testing::receive_numbered;
using testing::send_numbered;

ChannelRequest request(const std::string& transport, std::size_t depth = 3) {
  return {transport_named(transport), 0, 1, numbered_spec(), depth};
}

/// Streams 300 batches from rank 0 to rank 1 and says goodbye.
void stream_through(Channel& channel) {
  if (channel.sender) {
    channel.control->start();
    EXPECT_EQ(send_numbered(*channel.sender, 0, 300), 300u);
    channel.sender->finish();
    channel.sender->drain();
    channel.control->join();
  }
  if (channel.receiver) {
    channel.control->start();
    EXPECT_EQ(receive_numbered(*channel.receiver), 300u);
    channel.receiver->close();
    channel.control->join();
  }
}

/// No descriptor can be opened while it lives.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{std::min<rlim_t>(before_.rlim_cur, 256), before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
    while (UniqueFd fd{dup(STDERR_FILENO)}) taken_.push_back(std::move(fd));
  }
  NoMoreDescriptors(const NoMoreDescriptors&) = delete;
  NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;
  ~NoMoreDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
  std::vector<UniqueFd> taken_;
};

class Connect : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Transports, Connect, ::testing::Values("auto", "shm", "mpi"));

TEST_P(Connect, StreamsFromRankToRank) {
  World& world = mpi_world();
  const std::string asked = GetParam();
  for (const std::size_t depth : {1u, 4u, 50u}) {
    Channel channel = connect(world, request(asked, depth));
    EXPECT_EQ(name_of(channel.transport), asked == "auto" ? "shm" : asked);
    EXPECT_EQ(channel.sender != nullptr, world.rank() == 0);
    EXPECT_EQ(channel.receiver != nullptr, world.rank() == 1);
    stream_through(channel);
    world.together("end the stream", [] {});
  }
}

// A run that fails between connecting and starting: the channel goes when its owner lets it go, which is
// before MPI.
TEST_P(Connect, ChannelThatIsNeverStartedGoesWithItsOwner) {
  World& world = mpi_world();
  Channel channel = connect(world, request(GetParam()));
  const std::weak_ptr<BatchSender> sender = channel.sender;
  const std::weak_ptr<BatchReceiver> receiver = channel.receiver;
  channel = {};
  EXPECT_TRUE(sender.expired());
  EXPECT_TRUE(receiver.expired());
  world.together("let the channel go", [] {});
}

TEST(ConnectRefusals, LocalBetweenTwoRanksIsRefusedOnce) {
  World& world = mpi_world();
  if (world.rank() == 0) {
    EXPECT_THROW(connect(world, request("local")), UsageError);
  } else {
    EXPECT_THROW(connect(world, request("local")), RemoteError);
  }
}

TEST(ConnectRefusals, NcclWithoutAGpuEachIsRefusedOnce) {
  World& world = mpi_world();
  if (world.rank() == 0) {
    EXPECT_THROW(connect(world, request("nccl")), UsageError);
  } else {
    EXPECT_THROW(connect(world, request("nccl")), RemoteError);
  }
}

TEST(ConnectRefusals, RingThatCannotBeOpenedIsReplacedByMpi) {
  World& world = mpi_world();
  std::optional<NoMoreDescriptors> limit;
  if (world.rank() == 1) limit.emplace();
  Channel channel = connect(world, request("auto"));
  limit.reset();
  EXPECT_EQ(name_of(channel.transport), "mpi");
  stream_through(channel);
  world.together("end the stream", [] {});
}

TEST(ConnectRefusals, RingThatCannotBeOpenedIsAnErrorWhenShmWasAskedFor) {
  World& world = mpi_world();
  std::optional<NoMoreDescriptors> limit;
  if (world.rank() == 1) {
    limit.emplace();
    EXPECT_THROW(connect(world, request("shm")), UsageError);
  } else {
    EXPECT_THROW(connect(world, request("shm")), RemoteError);
  }
  limit.reset();
}

TEST(ConnectRefusals, BatchesThatMpiCannotCountAreRefused) {
  World& world = mpi_world();
  ChannelRequest huge = request("mpi", 1);
  huge.spec = numbered_spec(3, 1'000'000'000);
  try {
    connect(world, huge);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("--batch-size"));
  }
}

}  // namespace
}  // namespace feedline

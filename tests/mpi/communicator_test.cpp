#include <feedline/comm/communicator.hpp>
#include <feedline/common/resources.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::span<std::byte> bytes_of(int& number) {
  return std::as_writable_bytes(std::span(&number, 1));
}

TEST(Communicator, BarrierWaitsForTheLast) {
  Communicator world;
  for (int late = 0; late < world.size(); ++late) {
    if (world.rank() == late) std::this_thread::sleep_for(20ms);
    world.barrier(30, "everybody");
  }
}

TEST(Communicator, BarrierThatTimesOutNamesWhatWasAwaited) {
  Communicator world;
  if (world.size() == 1) GTEST_SKIP() << "needs two ranks";
  if (world.rank() == 0) {
    EXPECT_THAT(
        [&] { world.barrier(0.1, "all ranks to open the data"); },
        ThrowsMessage<PeerError>(AllOf(HasSubstr("Rank 0"), HasSubstr("all ranks to open the data"))));
  } else {
    std::this_thread::sleep_for(400ms);
    world.barrier(30, "rank 0, which has been here");
  }
  world.barrier(30, "the next meeting, which works again");
}

TEST(Communicator, ALossEndsAWait) {
  Communicator world;
  if (world.size() == 1) GTEST_SKIP() << "needs two ranks";
  if (world.rank() == 0) {
    world.watch_peers([] { throw PeerError("Lost rank 1."); });
    EXPECT_THAT([&] { world.barrier(30, "everybody"); }, ThrowsMessage<PeerError>("Lost rank 1."));
    world.watch_peers({});
  } else {
    std::this_thread::sleep_for(200ms);
    world.barrier(30, "rank 0, which has been here");
  }
  world.barrier(30, "the next meeting, which works again");
}

TEST(Communicator, AllgatherOfDifferingLengths) {
  Communicator world;
  const auto text_of = [](int rank) {
    return std::string(static_cast<std::size_t>(rank) * 1000, static_cast<char>('a' + rank));
  };
  const auto texts = world.allgather(text_of(world.rank()), 30, "texts");  // rank 0's is empty
  ASSERT_EQ(texts.size(), static_cast<std::size_t>(world.size()));
  for (int rank = 0; rank < world.size(); ++rank)
    EXPECT_EQ(texts[static_cast<std::size_t>(rank)], text_of(rank));
  for (const std::string& text : world.allgather("", 30, "nothing")) EXPECT_EQ(text, "");
}

TEST(Communicator, BroadcastFromEveryRoot) {
  Communicator world;
  for (int root = 0; root < world.size(); ++root) {
    EXPECT_EQ(world.broadcast("from " + std::to_string(world.rank()), root, 30, "news"),
              "from " + std::to_string(root));
  }
  const std::string large(3'000'000, 'x');
  EXPECT_TRUE(world.broadcast(world.rank() == 0 ? large : "", 0, 30, "large news") == large);
}

TEST(Communicator, CompareNotesWithoutAFailure) {
  Communicator world;
  const Verdict verdict = compare_notes(world, {}, 30, "notes");
  EXPECT_EQ(verdict.rank, -1);
  EXPECT_EQ(verdict.code, ExitCode::kDone);
}

TEST(Communicator, CompareNotesTellsAllOfTheFailure) {
  Communicator world;
  const int last = world.size() - 1;
  std::optional<Error> mine;
  if (world.rank() == last) mine = DataError("file: not found");
  const Verdict verdict = compare_notes(world, mine, 30, "notes");
  EXPECT_EQ(verdict.rank, last);
  EXPECT_EQ(verdict.code, ExitCode::kBadData);
  EXPECT_EQ(verdict.message, "file: not found");
}

TEST(Communicator, CompareNotesTakesTheFirstOfSeveral) {
  Communicator world;
  const Verdict verdict =
      compare_notes(world, UsageError("said by " + std::to_string(world.rank())), 30, "notes");
  EXPECT_EQ(verdict.rank, 0);
  EXPECT_EQ(verdict.message, "said by 0");
}

TEST(Communicator, MessagesArriveAndReceivesCanBeGivenUp) {
  Communicator world;
  const int right = (world.rank() + 1) % world.size(),
            left = (world.rank() + world.size() - 1) % world.size();
  int sent = world.rank() * 7, received = -1, never = -1;
  Request nothing = world.irecv(bytes_of(never), left, 5);
  Request receive = world.irecv(bytes_of(received), left, 4);
  Request send = world.isend(bytes_of(sent), right, 4);
  const Deadline deadline = Deadline::in(30);
  while (!deadline.passed() && !(receive.test() && send.test())) std::this_thread::sleep_for(100us);
  EXPECT_EQ(received, left * 7);
  EXPECT_FALSE(receive.active());
  EXPECT_TRUE(nothing.active());
  EXPECT_FALSE(nothing.test());
  nothing.cancel();
  EXPECT_FALSE(nothing.active());
  EXPECT_TRUE(Request().test());
}

TEST(Communicator, AWaitingRankLeavesTheCpuFree) {
  Communicator world;
  if (world.size() == 1) GTEST_SKIP() << "needs two ranks";
  if (world.rank() != 0) std::this_thread::sleep_for(1500ms);
  const double cpu = process_cpu_seconds();
  const auto begin = Clock::now();
  world.barrier(30, "the sleepers");
  if (world.rank() != 0) return;
  const double share = (process_cpu_seconds() - cpu) / seconds_since(begin);
  std::printf("a rank waiting at a barrier uses %.2f %% of a core\n", 100 * share);
  EXPECT_LT(share, 0.05);
}

}  // namespace
}  // namespace feedline

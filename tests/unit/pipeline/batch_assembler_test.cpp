#include "numbered_batches.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/pipeline/batch_assembler.hpp>
#include <feedline/transport/local.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using namespace std::chrono_literals;

ScheduleOptions options(std::uint64_t train, std::uint64_t val, std::uint32_t batch,
                        std::uint32_t epochs = 1) {
  ScheduleOptions result;
  result.buckets = {{batch, train, val}};
  result.epochs = epochs;
  return result;
}

struct Bench {
  Bench(const ScheduleOptions& options, std::size_t depth)
      : schedule(options),
        ring(make_local_ring(testing::numbered_spec(options.buckets[0].rows, 8), depth)),
        sender(ring),
        receiver(ring),
        assembler(schedule, sender) {}

  /// What a worker does, with ids instead of data.
  void work() {
    while (const auto claim = assembler.claim()) {
      claim->slot.sample_ids()[claim->row] = claim->position();
      assembler.complete(*claim);
    }
  }

  BatchSchedule schedule;
  std::shared_ptr<SlotRing> ring;
  RingSender sender;
  RingReceiver receiver;
  BatchAssembler assembler;
};

TEST(BatchAssembler, HandsOutSamplesInOrder) {
  Bench bench(options(5, 2, 3), 4);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> seen;
  while (const auto claim = bench.assembler.claim()) {
    seen.emplace_back(claim->plan.info.sequence, claim->row);
    bench.assembler.complete(*claim);
  }
  const std::vector<std::pair<std::uint64_t, std::uint32_t>> expected = {{0, 0}, {0, 1}, {0, 2}, {1, 0},
                                                                         {1, 1}, {2, 0}, {2, 1}};
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(bench.assembler.published(), 3u);
  EXPECT_FALSE(bench.assembler.claim());
}

TEST(BatchAssembler, PublishesInOrderWhateverIsDoneFirst) {
  Bench bench(options(4, 0, 2), 2);
  std::vector<Claim> claims;
  for (int i = 0; i < 4; ++i) claims.push_back(*bench.assembler.claim());
  bench.assembler.complete(claims[3]);
  bench.assembler.complete(claims[2]);
  bench.assembler.complete(claims[1]);
  EXPECT_EQ(bench.assembler.published(), 0u);
  bench.assembler.complete(claims[0]);
  EXPECT_EQ(bench.assembler.published(), 2u);
  EXPECT_EQ(bench.receiver.ready(), 2u);
}

TEST(BatchAssembler, ASlowSampleDoesNotIdleTheOthers) {
  Bench bench(options(40, 0, 4), 10);
  const auto slow = bench.assembler.claim();
  std::thread other([&] { bench.work(); });
  other.join();  // took all 39 others although the first batch is not complete
  EXPECT_EQ(bench.assembler.published(), 0u);
  bench.assembler.complete(*slow);
  EXPECT_EQ(bench.assembler.published(), 10u);
}

TEST(BatchAssembler, CancelWakesThoseWhoWaitForTheRingAndForTheBatch) {
  for (int round = 0; round < 50; ++round) {
    Bench bench(options(100, 0, 4), 1);
    std::vector<std::thread> workers;
    for (int i = 0; i < 4; ++i) workers.emplace_back([&] { bench.work(); });
    if (round % 2 == 0) std::this_thread::sleep_for(1ms);
    bench.assembler.cancel();
    for (std::thread& worker : workers) worker.join();
    EXPECT_FALSE(bench.assembler.claim());
    EXPECT_LE(bench.assembler.published(), 1u);
  }
}

/// A sender during whose `acquire` somebody cancels.
class CancelledSender final : public RingSender {
 public:
  using RingSender::RingSender;

  std::optional<Slot> acquire(std::uint64_t sequence) override {
    const auto slot = RingSender::acquire(sequence);
    assembler->cancel();
    return slot;
  }

  BatchAssembler* assembler = nullptr;
};

TEST(BatchAssembler, CancelWhileABatchIsBegunStays) {
  const BatchSchedule schedule(options(8, 0, 4));
  CancelledSender sender(make_local_ring(testing::numbered_spec(4, 8), 2));
  BatchAssembler assembler(schedule, sender);
  sender.assembler = &assembler;
  EXPECT_FALSE(assembler.claim());
  EXPECT_FALSE(assembler.claim());
}

TEST(BatchAssembler, NothingIsPublishedAfterCancel) {
  Bench bench(options(4, 0, 2), 2);
  const auto first = bench.assembler.claim(), second = bench.assembler.claim();
  bench.assembler.cancel();
  bench.assembler.complete(*first);
  bench.assembler.complete(*second);
  EXPECT_EQ(bench.receiver.ready(), 0u);
}

TEST(BatchAssembler, ALostReceiverEndsAllWorkers) {
  Bench bench(options(100, 0, 4), 1);
  std::atomic<int> threw{0}, ended{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      try {
        bench.work();
        ++ended;
      } catch (const PeerError&) {
        ++threw;
      }
    });
  }
  std::this_thread::sleep_for(5ms);
  bench.sender.lose_peer("Lost rank 1.");
  for (std::thread& worker : workers) worker.join();
  EXPECT_GE(threw, 1);
  EXPECT_EQ(threw + ended, 4);
}

TEST(BatchAssembler, RefusesBatchesLargerThanTheSlots) {
  const BatchSchedule schedule(options(100, 0, 5));
  RingSender sender(make_local_ring(testing::numbered_spec(4), 2));
  EXPECT_THROW(BatchAssembler(schedule, sender), InternalError);
}

TEST(BatchAssembler, ManyInterleavingsGiveEverySampleOnce) {
  std::minstd_rand random(7);
  for (int round = 0; round < 150; ++round) {
    const auto pick = [&](unsigned most) { return 1 + static_cast<std::uint32_t>(random() % most); };
    const ScheduleOptions shape = options(pick(60), pick(20) - 1, pick(9), pick(3));
    Bench bench(shape, pick(5));
    std::vector<std::thread> workers;
    for (std::uint32_t i = pick(6); i > 0; --i) {
      workers.emplace_back([&] { bench.work(); });
    }
    for (std::uint64_t sequence = 0; sequence < bench.schedule.size(); ++sequence) {
      const auto slot = bench.receiver.receive();
      ASSERT_TRUE(slot);
      const BatchPlan plan = bench.schedule.plan(sequence);
      ASSERT_EQ(slot->header().count, plan.info.count);
      for (std::uint32_t row = 0; row < plan.info.count; ++row) {
        ASSERT_EQ(slot->sample_ids()[row], plan.first_position + row);
      }
    }
    for (std::thread& worker : workers) worker.join();
  }
}

}  // namespace
}  // namespace feedline

#include "collected_stream.hpp"
#include "fake_dataset.hpp"
#include "two_epochs.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/pipeline/prefetcher.hpp>
#include <feedline/transport/local.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using testing::collect;
using testing::collect_all;
using testing::CollectedBatch;
using testing::FakeDataset;
using testing::kBatch;
using testing::two_epochs;

struct Pipeline {
  Pipeline(int workers, std::size_t depth, FakeDataset::Hook before_load = {},
           const ScheduleOptions& options = two_epochs(), std::uint64_t seed = 11,
           Order order = Order::kStrict)
      : schedule(options),
        train(std::make_shared<FakeDataset>(options.buckets[0].train, std::move(before_load))),
        val(std::make_shared<FakeDataset>(options.buckets[0].val, FakeDataset::Hook{}, 1000)),
        ring(make_local_ring(BatchSpec(kBatch, train->tensors()), depth)),
        sender(ring),
        receiver(ring),
        bad(BadSamplePolicy::kReplace, options.buckets[0].train),
        prefetcher(schedule, train, val, bad, sender, {seed, workers, false, order}) {}

  BatchSchedule schedule;
  DatasetPtr train, val;
  std::shared_ptr<SlotRing> ring;
  RingSender sender;
  RingReceiver receiver;
  BadSamples bad;
  Prefetcher prefetcher;
};

std::vector<CollectedBatch> stream_of(int workers, std::size_t depth, std::uint64_t seed = 11) {
  Pipeline pipeline(workers, depth, {}, two_epochs(), seed);
  pipeline.prefetcher.start();
  auto stream = collect_all(pipeline.receiver);
  pipeline.prefetcher.wait();
  return stream;
}

TEST(Prefetcher, StreamDoesNotDependOnWorkersOrDepth) {
  const auto reference = stream_of(1, 1);
  ASSERT_EQ(reference.size(), 2u * (8 + 3));
  for (const int workers : {1, 2, 5}) {
    for (const std::size_t depth : {1u, 4u, 50u}) {
      EXPECT_TRUE(stream_of(workers, depth) == reference) << workers << " workers, depth " << depth;
    }
  }
}

TEST(Prefetcher, AnotherSeedGivesAnotherStream) {
  EXPECT_FALSE(stream_of(2, 4, 11) == stream_of(2, 4, 12));
}

TEST(Prefetcher, EverySampleOncePerEpochValidationInOrder) {
  std::vector<std::multiset<std::uint64_t>> train(2);
  std::vector<std::vector<std::uint64_t>> val(2), order(2);
  for (const CollectedBatch& batch : stream_of(2, 4)) {
    if (batch.split == Split::kVal) {
      val[batch.epoch].insert(val[batch.epoch].end(), batch.ids.begin(), batch.ids.end());
      continue;
    }
    train[batch.epoch].insert(batch.ids.begin(), batch.ids.end());
    order[batch.epoch].insert(order[batch.epoch].end(), batch.ids.begin(), batch.ids.end());
  }
  std::multiset<std::uint64_t> all;
  std::vector<std::uint64_t> val_ids;
  for (std::uint64_t id = 0; id < 61; ++id) all.insert(id);
  for (std::uint64_t id = 0; id < 21; ++id) val_ids.push_back(1000 + id);
  EXPECT_EQ(train[0], all);
  EXPECT_EQ(train[1], all);
  EXPECT_EQ(val[0], val_ids);
  EXPECT_EQ(val[1], val_ids);
  EXPECT_NE(order[0], order[1]) << "each epoch has an order of its own";
}

TEST(Prefetcher, ASlowSampleDoesNotIdleTheOthers) {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t loaded = 0;
  std::atomic<bool> first{true};
  bool waited_in_vain = false;
  // The first sample ends only when half an epoch of others has been loaded meanwhile.
  const auto slow_first = [&](const SampleKey&) {
    std::unique_lock lock(mutex);
    if (first.exchange(false)) {
      waited_in_vain = !changed.wait_for(lock, 20s, [&] { return loaded >= 30; });
    } else {
      ++loaded;
      changed.notify_all();
    }
  };
  Pipeline pipeline(2, 50, slow_first);
  pipeline.prefetcher.start();
  EXPECT_EQ(collect_all(pipeline.receiver).size(), pipeline.schedule.size());
  pipeline.prefetcher.wait();
  EXPECT_FALSE(waited_in_vain);
}

TEST(Prefetcher, ABadSampleFailsBothEnds) {
  for (const int workers : {1, 2, 5}) {
    Pipeline pipeline(workers, 2, [](const SampleKey& key) {
      if (key.id == 13) throw DataError("fake[13] is damaged");
    });
    pipeline.prefetcher.start();
    try {
      collect_all(pipeline.receiver);
      ADD_FAILURE() << "the receiver was not told";
    } catch (const RemoteError& error) {
      EXPECT_EQ(error.code(), ExitCode::kBadData);
      EXPECT_STREQ(error.what(), "fake[13] is damaged");
    }
    EXPECT_THROW(pipeline.prefetcher.wait(), DataError);
  }
}

TEST(Prefetcher, AnUnexpectedErrorIsAnInternalOneForTheReceiver) {
  Pipeline pipeline(2, 2, [](const SampleKey&) { throw std::runtime_error("odd"); });
  pipeline.prefetcher.start();
  try {
    collect_all(pipeline.receiver);
    ADD_FAILURE() << "the receiver was not told";
  } catch (const RemoteError& error) {
    EXPECT_EQ(error.code(), ExitCode::kInternal);
  }
  EXPECT_THROW(pipeline.prefetcher.wait(), std::runtime_error);
}

TEST(Prefetcher, StopEndsWorkersBlockedOnAFullRing) {
  Pipeline pipeline(3, 2);
  pipeline.prefetcher.start();
  while (pipeline.receiver.ready() < 2) std::this_thread::sleep_for(1ms);
  pipeline.prefetcher.stop();
  pipeline.prefetcher.wait();
  EXPECT_EQ(collect_all(pipeline.receiver).size(), 2u) << "what was published before the stop, then the end";
}

TEST(Prefetcher, DestructorEndsWorkersBlockedOnAFullRing) {
  Pipeline pipeline(3, 1);
  pipeline.prefetcher.start();
  while (pipeline.receiver.ready() < 1) std::this_thread::sleep_for(1ms);
}

TEST(Prefetcher, AReceiverThatClosesEndsTheWorkers) {
  Pipeline pipeline(3, 2);
  pipeline.prefetcher.start();
  const auto batch = pipeline.receiver.receive();
  pipeline.receiver.close();
  pipeline.prefetcher.wait();
  EXPECT_LT(pipeline.sender.stats().batches, pipeline.schedule.size());
}

TEST(Prefetcher, AReceiverThatFailsOrIsLostEndsTheWorkers) {
  Pipeline failed(3, 2), lost(3, 2);
  failed.prefetcher.start();
  failed.receiver.fail({ExitCode::kUsage, "bad model"});
  EXPECT_THROW(failed.prefetcher.wait(), RemoteError);
  lost.prefetcher.start();
  lost.sender.lose_peer("Lost rank 1.");
  EXPECT_THROW(lost.prefetcher.wait(), PeerError);
}

TEST(Prefetcher, StatsCountSamplesAndTheFirstBatch) {
  const auto before = Clock::now();
  Pipeline pipeline(2, 4, [](const SampleKey&) { std::this_thread::sleep_for(100us); });
  EXPECT_FALSE(pipeline.prefetcher.stats().first_batch);
  EXPECT_EQ(pipeline.prefetcher.stats().samples_per_s(), 0.0);
  pipeline.prefetcher.start();
  collect_all(pipeline.receiver);
  pipeline.prefetcher.wait();
  const InputStats stats = pipeline.prefetcher.stats();
  EXPECT_EQ(stats.workers, 2);
  EXPECT_EQ(stats.samples, 2u * (61 + 21));
  EXPECT_GE(stats.busy_s, 2 * 61 * 100e-6);
  EXPECT_GT(stats.samples_per_s(), 0.0);
  ASSERT_TRUE(stats.first_batch);
  EXPECT_GT(*stats.first_batch, before);
  EXPECT_LT(*stats.first_batch, Clock::now());
}

TEST(Prefetcher, NoValidationData) {
  Pipeline pipeline(2, 4, {}, two_epochs(20, 0));
  pipeline.prefetcher.start();
  EXPECT_EQ(collect_all(pipeline.receiver).size(), 6u);
  pipeline.prefetcher.wait();
}

TEST(Prefetcher, RefusesTensorsThatDoNotAgree) {
  const BatchSchedule schedule(two_epochs());
  const auto data = std::make_shared<FakeDataset>(61);
  RingSender sender(make_local_ring(BatchSpec(kBatch, {{"other", DType::kUInt8, {24}}}), 2));
  BadSamples bad(BadSamplePolicy::kReplace, 1);
  EXPECT_THROW(Prefetcher(schedule, data, data, bad, sender, {}), InternalError);
}

// Receivers that stop at any moment, in any way, with any number of workers: none may hang or crash.
TEST(Prefetcher, EndsFromAnyState) {
  for (unsigned round = 0; round < 120; ++round) {
    Pipeline pipeline(static_cast<int>(1 + round % 5), 1 + round % 3);
    pipeline.prefetcher.start();
    for (unsigned taken = 0; taken < round % 11; ++taken) {
      const auto slot = pipeline.receiver.receive();
      ASSERT_TRUE(slot);
    }
    if (round % 4 == 0) pipeline.receiver.close();
    if (round % 4 == 1) pipeline.prefetcher.stop();
    if (round % 4 == 2) pipeline.sender.lose_peer("Lost rank 1.");
    if (round % 4 == 3) continue;  // the destructor
    try {
      pipeline.prefetcher.wait();
    } catch (const PeerError&) {
      EXPECT_EQ(round % 4, 2u);
    }
  }
}

/// Every tenth sample is bad.
void tenth_is_bad(const SampleKey& key) {
  if (key.id % 10 == 3) throw SampleError("sample " + std::to_string(key.id), "is bad");
}

// 61 samples, six of which are bad: more than 5 %, so the book is told of a larger set.
TEST(Prefetcher, BadSamplesAreReplacedTheSameWayWithAnyNumberOfWorkers) {
  std::vector<std::vector<CollectedBatch>> streams;
  for (const int workers : {1, 3}) {
    Pipeline pipeline(workers, 4, tenth_is_bad);
    BadSamples bad(BadSamplePolicy::kReplace, 1000);
    Prefetcher prefetcher(pipeline.schedule, pipeline.train, pipeline.val, bad, pipeline.sender,
                          {11, workers});
    prefetcher.start();
    streams.push_back(collect_all(pipeline.receiver));
    prefetcher.wait();
    EXPECT_EQ(bad.counts().replaced, 2U * 6U);
    EXPECT_EQ(bad.counts().files, 6U);
  }
  EXPECT_EQ(streams[0], streams[1]);
  for (const CollectedBatch& batch : streams[0]) {
    for (const std::uint64_t id : batch.ids)
      EXPECT_TRUE(id >= 1000 || id % 10 != 3) << "ids tell what is shown";
  }
}

TEST(Prefetcher, SkippedSamplesMakeTheirBatchSmaller) {
  Pipeline pipeline(2, 4, tenth_is_bad);
  BadSamples bad(BadSamplePolicy::kSkip, 1000);
  Prefetcher prefetcher(pipeline.schedule, pipeline.train, pipeline.val, bad, pipeline.sender, {11, 2});
  prefetcher.start();
  const auto stream = collect_all(pipeline.receiver);
  prefetcher.wait();
  std::size_t train_rows = 0;
  for (const CollectedBatch& batch : stream) {
    if (batch.ids.empty() || batch.ids.front() >= 1000) continue;
    train_rows += batch.ids.size();
    for (const std::uint64_t id : batch.ids) EXPECT_NE(id % 10, 3U);
  }
  EXPECT_EQ(train_rows, 2U * (61U - 6U));
  EXPECT_EQ(bad.counts().skipped, 2U * 6U);
}

TEST(Prefetcher, TooManyBadSamplesEndTheStream) {
  Pipeline pipeline(2, 4, tenth_is_bad);
  pipeline.prefetcher.start();
  EXPECT_THROW(collect_all(pipeline.receiver), RemoteError);
  EXPECT_THROW(pipeline.prefetcher.wait(), DataError);
}

std::multiset<std::uint64_t> ids_of(const std::vector<CollectedBatch>& stream, std::uint32_t epoch,
                                    Split split) {
  std::multiset<std::uint64_t> ids;
  for (const CollectedBatch& batch : stream) {
    if (batch.epoch == epoch && batch.split == split) ids.insert(batch.ids.begin(), batch.ids.end());
  }
  return ids;
}

TEST(PrefetcherReady, ShowsEverySampleOnceInItsEpoch) {
  Pipeline pipeline(
      4, 6,
      [](const SampleKey& key) { std::this_thread::sleep_for(std::chrono::microseconds(key.id * 37 % 900)); },
      two_epochs(), 11, Order::kReady);
  pipeline.prefetcher.start();
  const auto stream = collect_all(pipeline.receiver);
  pipeline.prefetcher.wait();
  const auto strict = stream_of(1, 4);
  ASSERT_EQ(stream.size(), strict.size());
  for (const std::uint32_t epoch : {0U, 1U}) {
    for (const Split split : {Split::kTrain, Split::kVal})
      EXPECT_EQ(ids_of(stream, epoch, split), ids_of(strict, epoch, split));
  }
  for (const CollectedBatch& batch : stream) {
    for (std::size_t row = 0; row < batch.ids.size(); ++row) {
      std::int64_t label = 0;
      std::memcpy(&label, batch.tensors[1].data() + row * sizeof label, sizeof label);
      EXPECT_EQ(batch.ids[row], static_cast<std::uint64_t>(label) + (batch.split == Split::kVal ? 1000 : 0));
    }
  }
}

// The slow sample waits for the test to have received all batches before its own would have been due.
TEST(PrefetcherReady, OneSlowSampleHoldsNoBatchUp) {
  std::promise<void> received;
  const auto go_on = received.get_future().share();
  const std::uint64_t slow = RandomSampler({61}, 11)(0, 0);
  Pipeline pipeline(
      2, 6,
      [&](const SampleKey& key) {
        if (key.id == slow && key.epoch == 0) go_on.wait();
      },
      two_epochs(), 11, Order::kReady);
  pipeline.prefetcher.start();
  for (int i = 0; i < 3; ++i) {
    const auto slot = pipeline.receiver.receive();
    ASSERT_TRUE(slot);
    for (const std::uint64_t id : slot->sample_ids()) EXPECT_NE(id, slow);
  }
  received.set_value();
  collect_all(pipeline.receiver);
  pipeline.prefetcher.wait();
}

TEST(PrefetcherReady, EndsWithAnErrorUnderWay) {
  Pipeline pipeline(
      3, 4,
      [](const SampleKey& key) {
        if (key.id == 5) throw InternalError("defect");
      },
      two_epochs(), 11, Order::kReady);
  pipeline.prefetcher.start();
  EXPECT_THROW(collect_all(pipeline.receiver), RemoteError);
  EXPECT_THROW(pipeline.prefetcher.wait(), InternalError);
}

TEST(PrefetcherReady, StopsWhileSamplesAreUnderWay) {
  Pipeline pipeline(3, 4, {}, two_epochs(100'000), 11, Order::kReady);
  pipeline.prefetcher.start();
  const auto batch = pipeline.receiver.receive();
  pipeline.prefetcher.stop();
  pipeline.prefetcher.wait();
}

/// Waits, a while, until `done`.
bool comes_true(const std::function<bool()>& done) {
  const auto deadline = Clock::now() + 20s;
  while (!done() && Clock::now() < deadline) std::this_thread::sleep_for(5ms);
  return done();
}

// Cheap samples first, dear ones in the second epoch: fewer workers, then all of them again.
TEST(PrefetcherTuning, FollowsAWorkloadThatChangesItsCostHalfWay) {
  const ScheduleOptions options = two_epochs(20'000, 0);
  Pipeline pipeline(4, 4, {}, options);
  BadSamples bad(BadSamplePolicy::kReplace, 1000);
  const auto data = std::make_shared<FakeDataset>(options.buckets[0].train, [](const SampleKey& key) {
    if (key.epoch == 1) std::this_thread::sleep_for(3ms);
  });
  Prefetcher prefetcher(pipeline.schedule, data, data, bad, pipeline.sender, {11, 4, true});
  prefetcher.start();
  std::atomic<bool> done{false};
  std::jthread consumer([&] {
    bool dear = false;
    while (const auto slot = pipeline.receiver.receive()) {
      dear = dear || slot->header().epoch == 1;
      // Slower than the cheap samples, until they have made their point; then as fast as they come.
      if (!dear && prefetcher.active_workers() > 1) std::this_thread::sleep_for(5ms);
      if (done) break;
    }
    pipeline.receiver.close();
  });
  EXPECT_TRUE(comes_true([&] { return prefetcher.active_workers() == 1; }))
      << "the ring is full all the time";
  EXPECT_TRUE(comes_true([&] { return prefetcher.active_workers() == 4; }))
      << "the ring is empty all the time";
  done = true;
  prefetcher.wait();
  EXPECT_LT(prefetcher.stats().mean_active, 4);
}

TEST(PrefetcherTuning, AFixedNumberStaysFixed) {
  Pipeline pipeline(3, 2);
  pipeline.prefetcher.start();
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(pipeline.prefetcher.active_workers(), 3);
}

}  // namespace
}  // namespace feedline

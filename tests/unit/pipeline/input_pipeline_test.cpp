#include "collected_stream.hpp"
#include "fake_dataset.hpp"
#include "two_epochs.hpp"

#include <feedline/batch/slot_pool.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/pipeline/input_pipeline.hpp>
#include <feedline/transport/local.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace feedline {
namespace {

using testing::collect;
using testing::collect_all;
using testing::CollectedBatch;
using testing::FakeDataset;
using testing::kBatch;
using testing::two_epochs;

constexpr std::uint64_t kBad = 7;

/// Two sets whose batches have one shape; training sample kBad cannot be used.
DataSplits fake_data() {
  DataSplits data;
  data.train = std::make_shared<FakeDataset>(61, [](const SampleKey& key) {
    if (key.id == kBad) throw SampleError("sample 7", "is bad");
  });
  data.val = std::make_shared<FakeDataset>(21, FakeDataset::Hook{}, 1000);
  data.info.train_size = 61;
  data.info.val_size = 21;
  data.info.tensors = data.train->tensors();
  data.info.buckets = {{{kBatch, data.info.tensors}, 61, 21}};
  return data;
}

InputOptions input_options(int workers) {
  InputOptions options;
  options.prefetch.seed = 11;
  options.prefetch.workers = workers;
  return options;
}

TEST(InputPipeline, CountsWhatItPrepared) {
  const auto ring = make_local_ring(batch_spec_of(fake_data().info), 4);
  RingSender sender(ring);
  RingReceiver receiver(ring);
  InputPipeline input(fake_data(), BatchSchedule(two_epochs()), sender, input_options(3));
  input.start();
  const auto batches = collect_all(receiver);
  input.wait();
  EXPECT_EQ(batches.size(), input.schedule().size());
  const InputFigures figures = input.figures();
  EXPECT_EQ(figures.workers.samples, 2U * (61 + 21));
  EXPECT_EQ(figures.bad.replaced, 2U);
  EXPECT_EQ(figures.bad.files, 1U);
  EXPECT_THAT(input.bad().by_reason(), ::testing::HasSubstr("is bad"));
}

TEST(InputPipeline, BadSamplesAreAShareOfTheGivenNumber) {
  const auto ring = make_local_ring(batch_spec_of(fake_data().info), 4);
  RingSender sender(ring);
  InputOptions options = input_options(1);
  options.bad.samples = 10;  // one of ten is more than the allowed share
  InputPipeline input(fake_data(), BatchSchedule(two_epochs()), sender, options);
  RingReceiver receiver(ring);
  input.start();
  EXPECT_THROW(collect_all(receiver), RemoteError);
  EXPECT_THROW(input.wait(), DataError);
}

TEST(InputPipeline, FiguresOfTwoAddUp) {
  InputFigures sum, part;
  part.workers = {.workers = 2, .samples = 10, .busy_s = 1, .mean_active = 1.5, .first_batch = Clock::now()};
  part.stages = {10, 1, 2, 3};
  part.cache.bytes = 5;
  part.bad = {1, 2, 3};
  sum += part;
  sum += part;
  EXPECT_EQ(sum.workers.workers, 4);
  EXPECT_EQ(sum.workers.samples, 20U);
  EXPECT_EQ(sum.workers.first_batch, part.workers.first_batch);
  EXPECT_EQ(sum.stages.decode_s, 4);
  EXPECT_EQ(sum.cache.bytes, 10U);
  EXPECT_EQ(sum.bad.skipped, 4U);
}

TEST(BatchFiller, FillsABatchAsTheWorkersDo) {
  const DataSplits data = fake_data();
  const BatchSpec spec = batch_spec_of(data.info);
  const BatchSchedule schedule(two_epochs());
  const auto ring = make_local_ring(spec, 4);
  RingSender sender(ring);
  RingReceiver receiver(ring);
  InputPipeline input(data, schedule, sender, input_options(2));
  input.start();
  const std::vector<CollectedBatch> streamed = collect_all(receiver);
  input.wait();

  BadSamples bad(BadSamplePolicy::kReplace, 61);
  const BatchFiller filler(data.train, data.val, bad, 11);
  const Mapping memory = Mapping::anonymous(SlotPool::bytes_needed(spec, 1));
  const SlotPool pool(memory.bytes(), spec, 1);
  ASSERT_EQ(streamed.size(), schedule.size());
  for (std::uint64_t sequence = 0; sequence < schedule.size(); ++sequence) {
    const BatchPlan plan = schedule.plan(sequence);
    const auto rows = filler.fill(pool.slot(0), plan, filler.ids_of(plan));
    EXPECT_EQ(rows.size(), plan.info.count);
    EXPECT_EQ(collect(pool.slot(0)), streamed[sequence]) << sequence;
  }
}

TEST(BatchFiller, LeavesSkippedRowsOut) {
  const DataSplits data = fake_data();
  const BatchSpec spec = batch_spec_of(data.info);
  BadSamples bad(BadSamplePolicy::kSkip, 61);
  const BatchFiller filler(data.train, data.val, bad, 11);
  const Mapping memory = Mapping::anonymous(SlotPool::bytes_needed(spec, 1));
  const SlotPool pool(memory.bytes(), spec, 1);
  const BatchPlan plan = BatchSchedule(two_epochs()).plan(0);
  const std::vector<std::uint64_t> ids = {1, kBad, 2, 3, 4, 5, 6, 8};
  const auto rows = filler.fill(pool.slot(0), plan, ids);
  EXPECT_FALSE(rows[1].shown.has_value());
  EXPECT_THAT(collect(pool.slot(0)).ids, ::testing::ElementsAre(1, 2, 3, 4, 5, 6, 8));
}

}  // namespace
}  // namespace feedline

#include "../data/idx_files.hpp"
#include "collected_stream.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/loader/loader_plan.hpp>
#include <feedline/transport/local.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace feedline {
namespace {

using testing::collect_all;
using testing::CollectedBatch;
using ::testing::HasSubstr;
using testing::TempFolder;
using ::testing::ThrowsMessage;
using testing::write_pair;

/// 30 training and 13 validation pictures.
struct Folder : TempFolder {
  Folder() {
    write_pair(*this, "train", 30);
    write_pair(*this, "t10k", 13);
  }
};

LoaderOptions options_for(const TempFolder& folder) {
  LoaderOptions options;
  options.data.train_data = folder.path();
  options.data.batch_size = 8;
  options.workers = 2;
  options.buffer_size = 3;
  options.epochs = 2;
  return options;
}

std::vector<CollectedBatch> stream_of(const LoaderOptions& options) {
  const LoaderPlan plan = plan_loader(options);
  const auto ring = make_local_ring(batch_spec_of(plan.data.info), plan.buffer.batches);
  RingSender sender(ring);
  RingReceiver receiver(ring);
  InputPipeline input(plan.data, plan.schedule, sender, plan.input);
  input.start();
  auto batches = collect_all(receiver);
  input.wait();
  return batches;
}

std::vector<std::uint64_t> ids_of(const std::vector<CollectedBatch>& batches) {
  std::vector<std::uint64_t> ids;
  for (const CollectedBatch& batch : batches) ids.insert(ids.end(), batch.ids.begin(), batch.ids.end());
  return ids;
}

TEST(LoaderPlan, AnEpochIsEverySampleOfTheSplit) {
  const Folder folder;
  LoaderOptions options = options_for(folder);
  const LoaderPlan plan = plan_loader(options);
  EXPECT_EQ(plan.samples, 30U);
  EXPECT_EQ(plan.schedule.train_batches(0), 4U);
  EXPECT_EQ(plan.train_size, 30U);
  EXPECT_EQ(plan.val_size, 13U);
  EXPECT_EQ(stream_of(options).size(), 8U);
  options.split = Split::kVal;
  options.epochs = 1;
  const auto validation = stream_of(options);
  EXPECT_EQ(validation.size(), 2U);
  EXPECT_EQ(ids_of(validation).size(), 13U);
}

TEST(LoaderPlan, DropLastLeavesTheShortBatchOut) {
  const Folder folder;
  LoaderOptions options = options_for(folder);
  options.drop_last = true;
  const LoaderPlan plan = plan_loader(options);
  EXPECT_EQ(plan.samples, 24U);
  EXPECT_EQ(plan.schedule.train_batches(0), 3U);
  EXPECT_EQ(stream_of(options).size(), 6U);
}

TEST(LoaderPlan, ASetThatIsSmallerThanABatchIsOneShortBatch) {
  const Folder folder;
  LoaderOptions options = options_for(folder);
  options.data.batch_size = 25;
  options.split = Split::kVal;
  options.epochs = 1;
  const auto batches = stream_of(options);
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_EQ(batches.front().ids.size(), 13U);
}

TEST(LoaderPlan, WithoutShuffleSamplesComeInTheirOrder) {
  const Folder folder;
  LoaderOptions options = options_for(folder);
  options.shuffle = false;
  const auto ids = ids_of(stream_of(options));
  ASSERT_EQ(ids.size(), 60U);
  for (std::uint64_t i = 0; i < ids.size(); ++i) EXPECT_EQ(ids[i], i % 30);
}

TEST(LoaderPlan, AStreamGoesOnFromAnyBatch) {
  const Folder folder;
  LoaderOptions options = options_for(folder);
  const auto whole = stream_of(options);
  for (std::uint64_t done = 0; done <= whole.size(); ++done) {
    options.first_batch = done;
    if (done == whole.size()) {
      EXPECT_EQ(plan_loader(options).schedule.size(), 0U);
      break;
    }
    const auto rest = stream_of(options);
    EXPECT_EQ(rest,
              std::vector<CollectedBatch>(whole.begin() + static_cast<std::ptrdiff_t>(done), whole.end()));
  }
  options.first_batch = whole.size() + 1;
  EXPECT_THAT([&] { plan_loader(options); },
              ThrowsMessage<UsageError>(HasSubstr("9 batches are said to be done")));
}

TEST(LoaderPlan, AStreamWithoutAnEndCountsItsEpochs) {
  const Folder folder;
  LoaderOptions options = options_for(folder);
  options.epochs.reset();
  options.first_batch = 4'000'000;
  const BatchPlan next = plan_loader(options).schedule.plan(0);
  EXPECT_EQ(next.info.epoch, 1'000'000U);
  EXPECT_EQ(next.info.batch, 0U);
}

TEST(LoaderPlan, RefusesWhatNoFlagWouldTake) {
  const Folder folder;
  const auto refused = [&](auto change) {
    LoaderOptions options = options_for(folder);
    change(options);
    EXPECT_THROW(plan_loader(options), UsageError);
  };
  refused([](LoaderOptions& options) { options.workers = 0; });
  refused([](LoaderOptions& options) { options.workers = -3; });
  refused([](LoaderOptions& options) { options.epochs = 0; });
  refused([](LoaderOptions& options) { options.buffer_size = 0; });
  refused([](LoaderOptions& options) { options.data.batch_size = 0; });
  refused([](LoaderOptions& options) { options.data.image_size = 0; });
  refused([](LoaderOptions& options) { options.data.val_fraction = 1; });
  refused([](LoaderOptions& options) { options.data.val_fraction = std::nan(""); });
  refused([](LoaderOptions& options) { options.data.max_bad = -1; });
}

TEST(LoaderPlan, RefusesWhatDoesNotFitTheData) {
  const Folder folder;
  LoaderOptions options = options_for(folder);
  options.data.batch_size = 31;
  options.drop_last = true;
  EXPECT_THAT([&] { plan_loader(options); }, ThrowsMessage<UsageError>(HasSubstr("no batch is whole")));
  const TempFolder only_training;
  write_pair(only_training, "train", 30);
  options = options_for(only_training);
  options.data.val_fraction = 0;
  options.split = Split::kVal;
  EXPECT_THAT([&] { plan_loader(options); }, ThrowsMessage<UsageError>(HasSubstr("no validation data")));
}

}  // namespace
}  // namespace feedline

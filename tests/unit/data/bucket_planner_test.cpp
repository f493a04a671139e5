#include "speech/bucket_planner.hpp"

#include <feedline/common/philox.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace feedline {
namespace {

/// Lengths as recordings of sentences have them: 60 to 860 frames, most in the middle.
std::vector<SampleExtent> sentences(std::size_t count) {
  Philox random(3, RandomPurpose::kAugment, 0, 0);
  std::vector<SampleExtent> samples;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t frames = 60 + random.next_below(400) + random.next_below(400);
    samples.push_back({frames, frames / 6});
  }
  return samples;
}

TEST(BucketPlanner, WastesLessThanATenth) {
  const auto samples = sentences(5000);
  const auto buckets = plan_buckets(samples, {32, 8});
  EXPECT_LE(buckets.size(), 8U);
  EXPECT_LT(padding_waste(buckets, samples), 0.1);
  EXPECT_GT(padding_waste(plan_buckets(samples, {32, 1}), samples), 0.3);
}

TEST(BucketPlanner, EverySampleFitsWithItsText) {
  const auto samples = sentences(300);
  const auto buckets = plan_buckets(samples, {16, 8});
  for (const SampleExtent& each : samples) {
    const std::size_t at = bucket_of(buckets, each.frames);
    ASSERT_LT(at, buckets.size());
    for (std::size_t later = at; later < buckets.size(); ++later) {
      EXPECT_GE(buckets[later].frames, each.frames);
      EXPECT_GE(buckets[later].tokens, each.tokens);  // leftovers are shown with later shapes
    }
  }
}

TEST(BucketPlanner, BatchesHaveAboutTheSameNumberOfFrames) {
  const auto samples = sentences(5000);
  const auto buckets = plan_buckets(samples, {32, 8});
  const Bucket& longest = buckets.back();
  const std::uint64_t frames = std::uint64_t{longest.rows} * longest.frames;
  for (const Bucket& each : buckets) {
    EXPECT_LE(std::uint64_t{each.rows} * each.frames, 2 * frames) << each.frames;
    EXPECT_EQ(each.frames % kFrameStep, 0U);
  }
}

// The edges must be the best ones: compared with every way to cut a small set.
TEST(BucketPlanner, TwoEdgesAreTheBestTwo) {
  const std::vector<SampleExtent> samples = {{8, 1}, {16, 1}, {16, 1}, {24, 1}, {80, 1}, {88, 1}};
  const auto buckets = plan_buckets(samples, {1, 2});
  ASSERT_EQ(buckets.size(), 2U);
  EXPECT_EQ(buckets[0].frames, 24U);
  EXPECT_EQ(buckets[1].frames, 88U);
}

TEST(BucketPlanner, WasteCountsLeftoversInTheNextShape) {
  const std::vector<Bucket> buckets = {{10, 4, 2}, {20, 4, 2}};
  const std::vector<SampleExtent> samples = {{10, 1}, {10, 1}, {10, 1}, {20, 1}};
  EXPECT_DOUBLE_EQ(padding_waste(buckets, samples), 1.0 - 50.0 / 60.0);
}

TEST(BucketPlanner, ASmallSetStillGetsFullBatches) {
  const auto samples = sentences(40);
  for (const Bucket& each : plan_buckets(samples, {32, 8})) EXPECT_LE(each.rows, 128U);
}

TEST(BucketPlanner, SamplesOfOneLengthHaveOneShape) {
  const std::vector<SampleExtent> samples(10, {100, 30});
  const auto buckets = plan_buckets(samples, {4, 8});
  ASSERT_EQ(buckets.size(), 1U);
  EXPECT_EQ(buckets[0].frames, 104U);
  EXPECT_EQ(buckets[0].tokens, 32U);
  EXPECT_EQ(buckets[0].rows, 4U);
}

TEST(BucketPlanner, TooLongForAll) {
  const auto buckets = plan_buckets(std::vector<SampleExtent>{{8, 1}, {32, 1}}, {1, 8});
  EXPECT_EQ(bucket_of(buckets, 33), buckets.size());
}

}  // namespace
}  // namespace feedline

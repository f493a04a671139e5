#include "fake_dataset.hpp"

#include <feedline/data/buckets.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace feedline {
namespace {

using ::testing::ElementsAre;

TEST(Buckets, AReplacementIsOfTheSameBucket) {
  const Buckets buckets({10, 0, 3});
  EXPECT_EQ(buckets.replacement_for(9, 25), 5U);
  EXPECT_EQ(buckets.replacement_for(10, 25), 11U);
  EXPECT_EQ(buckets.replacement_for(12, 0), 10U);
}

TEST(Buckets, ASmallerReplacementMayBeOfAnySmallerBucket) {
  const Buckets buckets({10, 0, 3});
  EXPECT_EQ(buckets.smaller_replacement_for(9, 25), 5U);
  EXPECT_EQ(buckets.smaller_replacement_for(10, 25), 12U);
  EXPECT_EQ(buckets.smaller_replacement_for(12, 26), 0U);
}

TEST(Buckets, ASetWithoutThemIsOneBucket) {
  EXPECT_THAT(buckets_of(testing::FakeDataset(61)).sizes(), ElementsAre(61U));
}

// Sets need not have any part beside their samples.
TEST(DatasetParts, WhatASetLacksIsNothing) {
  const testing::FakeDataset set(61);
  EXPECT_EQ(cache_of(set).bytes, 0U);
  EXPECT_EQ(fingerprint_of(set), 0U);
  EXPECT_EQ(stages_of(set).samples, 0U);
  EXPECT_EQ(remarks_of(set), "");
}

}  // namespace
}  // namespace feedline

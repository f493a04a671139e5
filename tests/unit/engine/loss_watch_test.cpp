#include <feedline/engine/loss_watch.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace feedline {
namespace {

using ::testing::HasSubstr;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(LossWatch, EndsARunAfterSeveralStepsInARow) {
  LossWatch watch(false);
  watch.note(1, 1, 0.5);
  for (std::uint64_t step = 2; step < 2 + LossWatch::kPatience; ++step) {
    EXPECT_EQ(watch.diverged(), std::nullopt);
    watch.note(step % 2 == 0 ? kNan : kInfinity, step, 0.25);
  }
  ASSERT_TRUE(watch.diverged());
  EXPECT_THAT(*watch.diverged(), HasSubstr("from step 2 on"));
  EXPECT_THAT(*watch.diverged(), HasSubstr("learning rate 0.25"));
}

TEST(LossWatch, OneSuchStepIsForgivenUnlessItIsTheLast) {
  LossWatch watch(false);
  watch.note(kNan, 1, 0.5);
  EXPECT_TRUE(watch.diverged_at_end());
  watch.note(1, 2, 0.5);
  EXPECT_EQ(watch.diverged_at_end(), std::nullopt);
}

TEST(LossWatch, TheScalersStepsAreNoFaultForLong) {
  LossWatch watch(true);
  for (std::uint64_t step = 1; step < LossWatch::kPatienceOfScaler; ++step) watch.note(kInfinity, step, 0.5);
  EXPECT_EQ(watch.diverged(), std::nullopt);
  EXPECT_EQ(watch.diverged_at_end(), std::nullopt);
  watch.note(kInfinity, LossWatch::kPatienceOfScaler, 0.5);
  EXPECT_TRUE(watch.diverged());
}

}  // namespace
}  // namespace feedline

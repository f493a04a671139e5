#include <feedline/engine/learner.hpp>

#include <gtest/gtest.h>

namespace feedline {
namespace {

TEST(LearningRate, FallsFromTheBaseToZeroAsHalfACosine) {
  EXPECT_DOUBLE_EQ(learning_rate(0.1, 0, 100, 0), 0.1);
  EXPECT_NEAR(learning_rate(0.1, 25, 100, 0), 0.1 * 0.853553, 1e-7);
  EXPECT_NEAR(learning_rate(0.1, 50, 100, 0), 0.05, 1e-12);
  EXPECT_NEAR(learning_rate(0.1, 100, 100, 0), 0, 1e-12);
  for (std::uint64_t step = 1; step < 100; ++step) {
    EXPECT_LT(learning_rate(0.1, step, 100, 0), learning_rate(0.1, step - 1, 100, 0));
    EXPECT_GT(learning_rate(0.1, step, 100, 0), 0);
  }
}

TEST(LearningRate, WarmUpRisesInEqualSteps) {
  EXPECT_DOUBLE_EQ(learning_rate(0.1, 0, 100, 4), 0.025);
  EXPECT_DOUBLE_EQ(learning_rate(0.1, 1, 100, 4), 0.05);
  EXPECT_DOUBLE_EQ(learning_rate(0.1, 3, 100, 4), 0.1);
  EXPECT_DOUBLE_EQ(learning_rate(0.1, 4, 100, 4), 0.1);
  EXPECT_NEAR(learning_rate(0.1, 52, 100, 4), 0.05, 1e-12);
}

TEST(LearningRate, StaysInBoundsWhenWarmUpIsLongerThanTheRun) {
  EXPECT_DOUBLE_EQ(learning_rate(0.1, 9, 10, 20), 0.05);
  EXPECT_DOUBLE_EQ(learning_rate(0.1, 10, 10, 10), 0);
  EXPECT_DOUBLE_EQ(learning_rate(0.1, 30, 10, 20), 0);
}

}  // namespace
}  // namespace feedline

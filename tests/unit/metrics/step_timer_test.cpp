#include <feedline/metrics/step_timer.hpp>

#include <gtest/gtest.h>

namespace feedline {
namespace {

using std::chrono::milliseconds;

Clock::time_point at(int ms) {
  return Clock::time_point(milliseconds(ms));
}

TEST(StepTimer, NothingIsFullyBusy) {
  const StepTimer timer;
  EXPECT_EQ(timer.wall_s(), 0);
  EXPECT_EQ(timer.busy(), 1);
}

TEST(StepTimer, TheFirstBatchsWaitIsNotTrainingTime) {
  StepTimer timer;
  timer.begin_epoch();
  timer.add_batch(milliseconds(500), at(500), at(600));
  EXPECT_DOUBLE_EQ(timer.wall_s(), 0.1);
  EXPECT_DOUBLE_EQ(timer.data_wait_s(), 0);
  EXPECT_DOUBLE_EQ(timer.busy(), 1);
}

TEST(StepTimer, LaterWaitsAre) {
  StepTimer timer;
  timer.begin_epoch();
  timer.add_batch(milliseconds(0), at(0), at(100));
  timer.add_batch(milliseconds(100), at(200), at(300));
  EXPECT_DOUBLE_EQ(timer.wall_s(), 0.3);
  EXPECT_DOUBLE_EQ(timer.step_s(), 0.2);
  EXPECT_DOUBLE_EQ(timer.data_wait_s(), 0.1);
  EXPECT_DOUBLE_EQ(timer.busy(), 0.2 / 0.3);
}

TEST(StepTimer, ADevicesTimesCountAsTheHostsDo) {
  StepTimer timer;
  timer.begin_epoch();
  timer.add_batch(milliseconds(900), milliseconds(100));  // idle before the first is no training time
  timer.add_batch(milliseconds(50), milliseconds(100));
  EXPECT_DOUBLE_EQ(timer.wall_s(), 0.25);
  EXPECT_DOUBLE_EQ(timer.step_s(), 0.2);
  EXPECT_DOUBLE_EQ(timer.data_wait_s(), 0.05);
  timer.begin_epoch();
  timer.add_batch(milliseconds(700), milliseconds(10));
  EXPECT_DOUBLE_EQ(timer.wall_s(), 0.26);
}

TEST(StepTimer, ADeviceIsNotIdleForACheckpoint) {
  StepTimer timer;
  timer.begin_epoch();
  timer.add_batch(milliseconds(0), milliseconds(100));
  timer.add_checkpoint(milliseconds(300));
  timer.add_batch(milliseconds(340), milliseconds(100));
  EXPECT_DOUBLE_EQ(timer.data_wait_s(), 0.04);
  EXPECT_DOUBLE_EQ(timer.wall_s(), 0.24);
  timer.add_checkpoint(milliseconds(300));
  timer.add_batch(milliseconds(290), milliseconds(100));  // the clocks are not the same
  EXPECT_DOUBLE_EQ(timer.wall_s(), 0.34);
  timer.add_batch(milliseconds(20), milliseconds(100));
  EXPECT_DOUBLE_EQ(timer.wall_s(), 0.46);
}

TEST(StepTimer, WhatIsBetweenEpochsIsNotCounted) {
  StepTimer timer;
  timer.begin_epoch();
  timer.add_batch(milliseconds(0), at(0), at(100));
  timer.add_validation(milliseconds(700));
  timer.begin_epoch();
  timer.add_batch(milliseconds(900), at(1000), at(1100));
  EXPECT_DOUBLE_EQ(timer.wall_s(), 0.2);
  EXPECT_DOUBLE_EQ(timer.data_wait_s(), 0);
  EXPECT_DOUBLE_EQ(timer.val_s(), 0.7);
}

}  // namespace
}  // namespace feedline

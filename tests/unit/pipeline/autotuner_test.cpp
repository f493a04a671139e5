#include <feedline/pipeline/autotuner.hpp>

#include <gtest/gtest.h>

namespace feedline {
namespace {

int after(Autotuner& tuner, double filled, int looks) {
  for (int i = 0; i < looks; ++i) tuner.look(filled);
  return tuner.active();
}

TEST(Autotuner, StartsWithAll) {
  EXPECT_EQ(Autotuner(6).active(), 6);
}

TEST(Autotuner, TakesWorkersAwayWhileTheRingStaysFull) {
  Autotuner tuner(4);
  EXPECT_EQ(after(tuner, 1.0, 4), 4) << "not at the first sight of it";
  EXPECT_EQ(after(tuner, 1.0, 1), 3);
  EXPECT_EQ(after(tuner, 1.0, 100), 1) << "one stays";
}

TEST(Autotuner, BringsThemBackAtOnceWhenTheRingRunsLow) {
  Autotuner tuner(4);
  after(tuner, 1.0, 100);
  EXPECT_EQ(after(tuner, 0.2, 1), 2);
  EXPECT_EQ(after(tuner, 0.2, 10), 4) << "never more than there are";
}

TEST(Autotuner, LeavesARingInTheMiddleAlone) {
  Autotuner tuner(4);
  after(tuner, 1.0, 5);
  EXPECT_EQ(after(tuner, 0.7, 100), 3);
}

TEST(Autotuner, ADipStartsTheCountAnew) {
  Autotuner tuner(4);
  after(tuner, 1.0, 4);
  after(tuner, 0.8, 1);
  EXPECT_EQ(after(tuner, 1.0, 4), 4);
}

// A workload that gets dear half way: a model of a ring that each worker fills by `each` a look and the
// consumer empties by `used`.
TEST(Autotuner, FollowsTheCostOfTheWork) {
  Autotuner tuner(8);
  double filled = 0;
  const auto run = [&](double each, double used, int looks) {
    for (int i = 0; i < looks; ++i) {
      filled += each * tuner.active() - used;
      filled = filled < 0 ? 0 : filled > 1 ? 1 : filled;
      tuner.look(filled);
    }
    return tuner.active();
  };
  EXPECT_LE(run(0.1, 0.15, 200), 3) << "two workers keep up";
  EXPECT_GE(run(0.025, 0.15, 200), 6) << "it takes six";
  EXPECT_GE(filled, 0.3);
  EXPECT_LE(run(0.1, 0.15, 200), 3);
}

}  // namespace
}  // namespace feedline

#include "toy_problem.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/engine/learner.hpp>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

namespace feedline {
namespace {

std::unique_ptr<Learner> timed(double step_ms) {
  TrainSettings options;
  options.synthetic_step_ms = step_ms;
  return make_learner(options, {});
}

double thread_cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

TEST(TimedLearner, HoldsTrainingAndValidationBatchesAtLeastThatLong) {
  const auto learner = timed(2.5);
  const auto start = Clock::now();
  for (int i = 0; i < 10; ++i) learner->accumulate({}, 64);
  EXPECT_GE(seconds_since(start), 0.025);
  const auto val_start = Clock::now();
  for (int i = 0; i < 10; ++i) learner->evaluate({});
  EXPECT_GE(seconds_since(val_start), 0.025);
}

TEST(TimedLearner, SleepsWithoutUsingTheCpu) {
  const auto learner = timed(200);
  const double before = thread_cpu_seconds();
  learner->accumulate({}, 64);
  EXPECT_LT(thread_cpu_seconds() - before, 0.05);
}

TEST(TimedLearner, ASignalDoesNotShortenTheStep) {
  struct sigaction action {};
  struct sigaction old {};
  action.sa_handler = [](int) {};
  ASSERT_EQ(sigaction(SIGALRM, &action, &old), 0);
  const itimerval soon{{0, 0}, {0, 5'000}};
  ASSERT_EQ(setitimer(ITIMER_REAL, &soon, nullptr), 0);
  const auto learner = timed(30);
  const auto start = Clock::now();
  learner->accumulate({}, 64);
  EXPECT_GE(seconds_since(start), 0.03);
  sigaction(SIGALRM, &old, nullptr);
}

TEST(TimedLearner, HasNoLossAndNoParameters) {
  const auto learner = timed(0);
  EXPECT_FALSE(learner->accumulate({}, 64)->loss.has_value());
  learner->step(0.1);
  learner->evaluate({});
  const ValResult result = learner->finish_evaluation();
  EXPECT_FALSE(result.loss.has_value());
  EXPECT_TRUE(result.metrics.empty());
  EXPECT_EQ(learner->parameters(), 0);
  EXPECT_EQ(learner->model_name(), "synthetic");
}

TEST(TimedLearner, ARunWithItCountsStepsButNoLosses) {
  const auto learner = timed(0);
  const TrainReport report = testing::train_on_toy(*learner, {}, testing::toy_schedule(20, 8, 2));
  EXPECT_EQ(report.steps, 6u);
  EXPECT_EQ(report.samples, 40u);
  EXPECT_FALSE(report.first_loss || report.last_loss || report.val.loss);
  EXPECT_EQ(report.loss_digest.value(), LossDigest().value());
}

}  // namespace
}  // namespace feedline

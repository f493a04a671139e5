#include "toy_problem.hpp"

#include <feedline/engine/learner.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace feedline {
namespace {

using testing::toy_info;
using testing::toy_schedule;
using testing::train_on_toy;

TrainReport train(const TrainSettings& options, const ScheduleOptions& schedule) {
  const auto learner = make_learner(options, toy_info());
  return train_on_toy(*learner, options, schedule);
}

TrainSettings options_of(ModelSize size, OptimizerKind optimizer, double lr) {
  TrainSettings options;
  options.model_size = size;
  options.optimizer = optimizer;
  options.lr = lr;
  return options;
}

class TrainingBySize : public ::testing::TestWithParam<ModelSize> {};

TEST_P(TrainingBySize, SolvesASeparableProblemInAFewEpochs) {
  const TrainReport report =
      train(options_of(GetParam(), OptimizerKind::kAdam, 2e-3), toy_schedule(300, 16, 4));
  EXPECT_GT(report.val.metrics.at("accuracy"), 0.95);
  EXPECT_LT(*report.last_loss, *report.first_loss);
  EXPECT_LT(*report.val.loss, 0.5);
}

TEST_P(TrainingBySize, SgdSolvesItToo) {
  const TrainReport report =
      train(options_of(GetParam(), OptimizerKind::kSgd, 0.02), toy_schedule(300, 16, 6));
  EXPECT_GT(report.val.metrics.at("accuracy"), 0.95);
}

TEST_P(TrainingBySize, TheSameSeedGivesTheSameBitsAndAnotherSeedOthers) {
  TrainSettings options = options_of(GetParam(), OptimizerKind::kAdam, 1e-3);
  for (const int threads : {1, 2}) {
    options.train_threads = threads;
    options.seed = 5;
    const TrainReport first = train(options, toy_schedule(90, 16, 2));
    const TrainReport second = train(options, toy_schedule(90, 16, 2));
    EXPECT_EQ(first.loss_digest.value(), second.loss_digest.value());
    EXPECT_EQ(first.val.loss, second.val.loss);
    options.seed = 6;
    EXPECT_NE(first.loss_digest.value(), train(options, toy_schedule(90, 16, 2)).loss_digest.value());
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, TrainingBySize, ::testing::Values(ModelSize::kTiny, ModelSize::kSmall));

TEST(Training, ValidationIsExactHoweverItIsCutIntoBatches) {
  TrainSettings options =
      options_of(ModelSize::kTiny, OptimizerKind::kSgd, 0);  // nothing changes the weights
  const TrainReport whole = train(options, toy_schedule(30, 30, 1));
  const TrainReport cut = train(options, toy_schedule(30, 7, 1));
  EXPECT_DOUBLE_EQ(whole.val.metrics.at("accuracy"), cut.val.metrics.at("accuracy"));
  EXPECT_NEAR(*whole.val.loss, *cut.val.loss, 1e-5);
  EXPECT_NEAR(*whole.val.loss, *whole.first_loss, 1e-5) << "the validation samples are the training samples";
}

/// Bytes that this process has in memory.
long resident_bytes() {
  long pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

TEST(Training, MemoryDoesNotGrowFromStepToStep) {
  const TrainSettings options = options_of(ModelSize::kTiny, OptimizerKind::kAdam, 1e-3);
  const auto learner = make_learner(options, toy_info());
  train_on_toy(*learner, options, toy_schedule(320, 16, 5));
  const long before = resident_bytes();
  train_on_toy(*learner, options, toy_schedule(320, 16, 50));
  EXPECT_LT(resident_bytes() - before, 2 << 20);
}

}  // namespace
}  // namespace feedline

#include "predict.hpp"

#include <gtest/gtest.h>

#include <map>

namespace feedline {
namespace {

/// 1000 samples/s of input from two cores against a consumer of 2000.
ProbeFigures slow_input() {
  ProbeFigures f;
  f.batch_size = 50;
  f.batch_bytes = 1'000'000;
  f.cores = 2;
  f.input_one = 500;
  f.input_all = 1000;
  f.input_cached = 10'000;
  f.training = 2000;
  f.buffered = 1000;
  f.buffered_busy = 0.5;
  f.link = 10e9;
  return f;
}

std::map<std::string, Prediction> by_mode(const ProbeFigures& figures) {
  std::map<std::string, Prediction> result;
  for (const Prediction& prediction : predict(figures)) result[prediction.mode] = prediction;
  return result;
}

TEST(Predict, TimesThatFollowEachOtherAddUp) {
  EXPECT_NEAR(by_mode(slow_input())["plain"].samples_per_s, 1 / (1 / 1000.0 + 1 / 2000.0), 1e-9);
}

TEST(Predict, AWayThatIsNotThereYetIsCalledThat) {
  EXPECT_NE(by_mode(slow_input())["data_parallel_2"].words.find("does not do yet"), std::string::npos);
}

TEST(Predict, NothingIsFasterThanTheCeiling) {
  ProbeFigures f = slow_input();
  f.training_uses_cpu = true;
  f.training = 82;
  f.buffered = 91;  // measured at another moment
  f = with_true_ceiling(f);
  EXPECT_EQ(f.training, 91);
  for (const auto& [mode, prediction] : by_mode(f)) {
    const int trainers = mode == "data_parallel_2" ? 2 : 1;
    EXPECT_LE(prediction.samples_per_s, trainers * f.training) << mode;
  }
  EXPECT_NE(recommend(f).why.find("91 of at most 91"), std::string::npos) << recommend(f).why;
}

TEST(Predict, TheSlowestOfWhatGoesOnTogetherSetsThePace) {
  auto modes = by_mode(slow_input());
  EXPECT_EQ(modes["two_ranks"].samples_per_s, 1000);
  EXPECT_EQ(modes["buffered_cached"].samples_per_s, 2000);
  EXPECT_EQ(modes["buffered_cached"].busy, 1);
  EXPECT_EQ(modes["buffered"].busy, 0.5);
}

TEST(Predict, ASlowLinkHoldsTwoRanksBack) {
  ProbeFigures f = slow_input();
  f.link = 4e6;  // four batches of 50 a second
  EXPECT_EQ(by_mode(f)["two_ranks"].samples_per_s, 200);
}

TEST(Predict, TwoTrainersShareTheInput) {
  ProbeFigures f = slow_input();
  EXPECT_EQ(by_mode(f)["data_parallel_2"].samples_per_s, 1000);
  EXPECT_EQ(by_mode(f)["data_parallel_2"].busy, 0.25);
  f.input_all = 9000;
  EXPECT_EQ(by_mode(f)["data_parallel_2"].samples_per_s, 4000);
}

TEST(Predict, WithoutACacheThereIsNoSuchRow) {
  ProbeFigures f = slow_input();
  f.input_cached = 0;
  EXPECT_FALSE(by_mode(f).contains("buffered_cached"));
}

TEST(Predict, TrainingOnTheCpuSharesItsCores) {
  ProbeFigures f = slow_input();
  f.training_uses_cpu = true;
  f.buffered = 700;
  EXPECT_EQ(by_mode(f)["two_ranks"].samples_per_s, 700);
}

TEST(Recommend, ACacheWhereTheInputIsSlow) {
  const Recommendation advice = recommend(slow_input());
  EXPECT_EQ(advice.cache, "decoded");
  EXPECT_EQ(advice.workers, 2);
}

TEST(Recommend, NoMoreWorkersThanItTakes) {
  ProbeFigures f = slow_input();
  f.cores = 16;
  f.input_one = 900;
  f.input_all = 14'000;
  f.buffered = f.training;
  EXPECT_EQ(recommend(f).workers, 3);
  EXPECT_EQ(recommend(f).cache, "");
  EXPECT_FALSE(recommend(f).two_ranks);
}

TEST(Recommend, TwoRanksWhereTheyAreFaster) {
  ProbeFigures f = slow_input();
  f.input_cached = 0;
  f.input_all = 1900;  // alone; beside training in one process it was 1000
  EXPECT_TRUE(recommend(f).two_ranks);
}

}  // namespace
}  // namespace feedline

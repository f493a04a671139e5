#include <feedline/common/errors.hpp>
#include <feedline/pipeline/batch_schedule.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace feedline {
namespace {

ScheduleOptions options(std::uint64_t train, std::uint64_t val, std::uint32_t batch,
                        std::uint32_t epochs = 1) {
  ScheduleOptions result;
  result.buckets = {{batch, train, val}};
  result.epochs = epochs;
  return result;
}

std::vector<BatchPlan> all_plans(const BatchSchedule& schedule) {
  std::vector<BatchPlan> plans;
  for (std::uint64_t index = 0; index < schedule.size(); ++index) plans.push_back(schedule.plan(index));
  return plans;
}

std::uint64_t samples_of(const BatchSchedule& schedule, Split split, std::uint32_t epoch) {
  std::uint64_t count = 0;
  for (const BatchPlan& plan : all_plans(schedule)) {
    if (plan.info.split == split && plan.info.epoch == epoch) count += plan.info.count;
  }
  return count;
}

struct Case {
  std::uint64_t train, val;
  std::uint32_t batch, epochs;
};

class EverySample : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Sizes, EverySample,
                         ::testing::Values(Case{100, 20, 10, 3}, Case{101, 19, 10, 3}, Case{7, 3, 64, 2},
                                           Case{1, 1, 1, 5}, Case{13, 0, 4, 2}, Case{997, 101, 64, 2}));

TEST_P(EverySample, AppearsOnceInEachEpochAndInOrder) {
  const Case& c = GetParam();
  const BatchSchedule schedule(options(c.train, c.val, c.batch, c.epochs));
  std::map<std::pair<std::uint32_t, Split>, std::uint64_t> next;
  std::uint64_t index = 0;
  for (const BatchPlan& plan : all_plans(schedule)) {
    std::uint64_t& expected = next[{plan.info.epoch, plan.info.split}];
    EXPECT_EQ(plan.info.sequence, index++);
    EXPECT_EQ(plan.first_position, expected);
    EXPECT_GT(plan.info.count, 0u);
    EXPECT_LE(plan.info.count, c.batch);
    expected += plan.info.count;
    EXPECT_EQ(plan.info.last_of_split, expected == (plan.info.split == Split::kTrain ? c.train : c.val));
  }
  EXPECT_EQ(next.size(), c.epochs * (c.val > 0 ? 2u : 1u));
  for (const auto& [key, count] : next) EXPECT_EQ(count, key.second == Split::kTrain ? c.train : c.val);
}

TEST(BatchSchedule, ValidationFollowsTraining) {
  const auto plans = all_plans(BatchSchedule(options(5, 3, 2, 2)));
  std::vector<Split> splits;
  std::vector<std::uint32_t> epochs, batches;
  for (const BatchPlan& plan : plans) {
    splits.push_back(plan.info.split);
    epochs.push_back(plan.info.epoch);
    batches.push_back(plan.info.batch);
  }
  const auto t = Split::kTrain, v = Split::kVal;
  EXPECT_EQ(splits, (std::vector{t, t, t, v, v, t, t, t, v, v}));
  EXPECT_EQ(epochs, (std::vector<std::uint32_t>{0, 0, 0, 0, 0, 1, 1, 1, 1, 1}));
  EXPECT_EQ(batches, (std::vector<std::uint32_t>{0, 1, 2, 0, 1, 0, 1, 2, 0, 1}));
}

TEST(BatchSchedule, MaxStepsInTheMiddleOfAnEpoch) {
  ScheduleOptions cut = options(100, 15, 10, 5);
  cut.max_steps = 13;
  const BatchSchedule schedule(cut);
  EXPECT_EQ(schedule.epochs(), 2u);
  EXPECT_EQ(schedule.total_steps(), 13u);
  EXPECT_EQ(schedule.train_batches(0), 10u);
  EXPECT_EQ(schedule.train_batches(1), 3u);
  EXPECT_EQ(schedule.steps(1), 3u);
  EXPECT_EQ(schedule.size(), 10u + 2 + 3 + 2);
  EXPECT_EQ(samples_of(schedule, Split::kTrain, 1), 30u);
  EXPECT_EQ(samples_of(schedule, Split::kVal, 1), 15u);
  EXPECT_TRUE(schedule.plan(14).info.last_of_split);
  EXPECT_EQ(schedule.plan(15).info.split, Split::kVal);
}

TEST(BatchSchedule, MaxStepsAtAnEpochsEndBeginsNoOther) {
  ScheduleOptions cut = options(95, 0, 10, 5);
  cut.max_steps = 20;
  const BatchSchedule schedule(cut);
  EXPECT_EQ(schedule.epochs(), 2u);
  EXPECT_EQ(schedule.size(), 20u);
  EXPECT_EQ(samples_of(schedule, Split::kTrain, 1), 95u);
}

TEST(BatchSchedule, MaxStepsBeyondTheRunChangesNothing) {
  ScheduleOptions cut = options(95, 5, 10, 2);
  for (const std::uint64_t steps : {20u, 21u, 1000u}) {
    cut.max_steps = steps;
    EXPECT_EQ(BatchSchedule(cut).total_steps(), 20u);
    EXPECT_EQ(BatchSchedule(cut).size(), 22u);
  }
}

TEST(BatchSchedule, DropLastLeavesTheShortTrainingBatchOut) {
  ScheduleOptions dropping = options(101, 19, 10, 3);
  dropping.drop_last = true;
  const BatchSchedule schedule(dropping);
  EXPECT_EQ(schedule.train_batches(0), 10u);
  EXPECT_EQ(schedule.total_steps(), 30u);
  EXPECT_EQ(samples_of(schedule, Split::kTrain, 1), 100u);
  EXPECT_EQ(samples_of(schedule, Split::kVal, 1), 19u);
  const BatchSchedule rest(dropping, {10, 1});
  EXPECT_EQ(rest.plan(0).info.epoch, 1u);
  EXPECT_EQ(rest.size(), 2u * 12);

  dropping.buckets = {{10, 25, 0},
                      {4, 9, 0}};  // 2 of 10; the 5 left over and 9: 3 of 4, and 2 that are dropped
  const BatchSchedule shapes(dropping);
  EXPECT_EQ(shapes.train_batches(0), 5u);
  std::set<std::uint64_t> positions;
  for (const BatchPlan& plan : all_plans(shapes)) {
    EXPECT_EQ(plan.info.count, plan.info.bucket == 0 ? 10u : 4u);
    if (plan.info.epoch == 1) positions.insert(plan.first_position);
  }
  EXPECT_EQ(positions, (std::set<std::uint64_t>{0, 10, 20, 24, 28}));

  dropping.buckets = {{10, 9, 3}};
  EXPECT_THROW(BatchSchedule{dropping}, UsageError);
}

TEST(BatchSchedule, AccumulationAgreesWithItself) {
  for (const std::uint32_t accum : {1u, 2u, 3u, 4u, 100u}) {
    for (const std::uint64_t max_steps : {0u, 1u, 4u, 7u}) {
      ScheduleOptions accumulating = options(101, 9, 10, 3);
      accumulating.grad_accum = accum;
      accumulating.max_steps = max_steps;
      const BatchSchedule schedule(accumulating);
      SCOPED_TRACE(::testing::Message() << "accum " << accum << ", max steps " << max_steps);
      std::uint64_t steps = 0, in_step = 0, steps_of_epoch = 0;
      for (const BatchPlan& plan : all_plans(schedule)) {
        if (plan.info.split != Split::kTrain) continue;
        in_step += plan.info.count;
        if (!schedule.ends_step(plan.info.epoch, plan.info.batch)) {
          EXPECT_FALSE(plan.info.last_of_split) << "a step must not reach over an epoch's end";
          continue;
        }
        EXPECT_EQ(schedule.step_samples(plan.info.epoch, plan.info.batch), in_step);
        in_step = 0;
        ++steps;
        ++steps_of_epoch;
        if (!plan.info.last_of_split) continue;
        EXPECT_EQ(schedule.steps(plan.info.epoch), steps_of_epoch);
        steps_of_epoch = 0;
      }
      EXPECT_EQ(in_step, 0u);
      EXPECT_EQ(steps, schedule.total_steps());
    }
  }
}

TEST(BatchSchedule, StepSamplesAreTheSameForEveryBatchOfAStep) {
  ScheduleOptions accumulating = options(25, 0, 4);
  accumulating.grad_accum = 3;
  const BatchSchedule schedule(accumulating);
  EXPECT_EQ(schedule.step_samples(0, 0), 12u);
  EXPECT_EQ(schedule.step_samples(0, 2), 12u);
  EXPECT_EQ(schedule.step_samples(0, 3), 12u);
  EXPECT_EQ(schedule.step_samples(0, 6), 1u);
}

TEST(BatchSchedule, AnEmptyScheduleIsRefused) {
  EXPECT_THROW(BatchSchedule(options(0, 5, 1)), InternalError);
  EXPECT_THROW(BatchSchedule(options(5, 5, 0)), InternalError);
  EXPECT_THROW(BatchSchedule(options(5, 5, 1, 0)), InternalError);
}

/// What is left at any point between two steps is the rest of the whole schedule, numbered anew.
TEST(BatchSchedule, GoesOnWhereARunStoodWithTheSameBatches) {
  for (const std::uint64_t max_steps : {0, 7, 8, 11}) {
    for (const std::uint64_t val : {0, 5}) {
      ScheduleOptions all = options(33, val, 4, 3);
      all.grad_accum = 2;  // 9 batches and 5 steps an epoch
      all.max_steps = max_steps;
      const BatchSchedule whole(all);
      Position done;
      for (std::uint64_t index = 0; index < whole.size(); ++index) {
        const BatchPlan plan = whole.plan(index);
        const bool begins_step = plan.info.split == Split::kTrain && plan.info.batch % 2 == 0;
        const bool begins_val = plan.info.split == Split::kVal && plan.info.batch == 0;
        if (begins_step || begins_val) {
          const BatchSchedule rest(all, done);
          ASSERT_EQ(rest.size(), whole.size() - index) << "after " << done.steps << " steps";
          for (std::uint64_t i = 0; i < rest.size(); ++i) {
            const BatchPlan a = rest.plan(i), b = whole.plan(index + i);
            EXPECT_EQ(a.info.sequence, i);
            EXPECT_EQ(std::tie(a.info.split, a.info.epoch, a.info.batch, a.info.count, a.first_position),
                      std::tie(b.info.split, b.info.epoch, b.info.batch, b.info.count, b.first_position));
          }
          EXPECT_EQ(rest.first_epoch(), plan.info.epoch);
          EXPECT_EQ(rest.total_steps(), whole.total_steps());
        }
        if (plan.info.split == Split::kTrain && whole.ends_step(plan.info.epoch, plan.info.batch))
          ++done.steps;
        if (plan.info.last_of_split && (plan.info.split == Split::kVal || val == 0)) ++done.epochs;
      }
      EXPECT_EQ(BatchSchedule(all, done).size(), 0u);
    }
  }
}

TEST(BatchSchedule, ARunThatWasCutShortCanBeMadeLonger) {
  ScheduleOptions shorter = options(32, 5, 4, 3);
  shorter.max_steps = 11;  // 8 steps an epoch: the second one is cut, and validated
  ScheduleOptions longer = shorter;
  longer.max_steps = 0;
  const BatchSchedule rest(longer, {11, 2});
  EXPECT_EQ(rest.plan(0).info.epoch, 1u);
  EXPECT_EQ(rest.plan(0).info.batch, 3u);
  EXPECT_EQ(rest.first_epoch(), 1u);
  EXPECT_EQ(BatchSchedule(shorter, {20, 2}).size(), 0u) << "beyond the end there is nothing";
}

ScheduleOptions three_shapes() {
  ScheduleOptions options;
  options.buckets = {{8, 21, 5}, {4, 10, 9}, {2, 6, 0}};
  options.epochs = 3;
  return options;
}

TEST(BatchScheduleWithShapes, AnEpochHasEveryPositionOnceInFullBatchesButTheLast) {
  const BatchSchedule schedule(three_shapes());
  std::uint64_t index = 0;
  for (std::uint32_t epoch = 0; epoch < 3; ++epoch) {
    for (const auto& [split, size] : {std::pair(Split::kTrain, 37U), std::pair(Split::kVal, 14U)}) {
      std::vector<int> seen(size);
      bool last = false;
      while (!last) {
        const BatchPlan plan = schedule.plan(index++);
        last = plan.info.last_of_split;
        EXPECT_EQ(plan.info.split, split);
        const std::uint32_t rows = three_shapes().buckets[plan.info.bucket].rows;
        EXPECT_LE(plan.info.count, rows);
        EXPECT_TRUE(last || plan.info.count == rows);
        for (std::uint32_t row = 0; row < plan.info.count; ++row) ++seen.at(plan.first_position + row);
      }
      EXPECT_EQ(seen, std::vector<int>(size, 1));
    }
  }
  EXPECT_EQ(index, schedule.size());
}

TEST(BatchScheduleWithShapes, SamplesComeInTheirOwnShapeOrALargerOne) {
  const BatchSchedule schedule(three_shapes());
  for (std::uint64_t index = 0; index < schedule.size(); ++index) {
    const BatchPlan plan = schedule.plan(index);
    const bool train = plan.info.split == Split::kTrain;
    const std::uint64_t last = plan.first_position + plan.info.count - 1;
    const std::uint64_t first_group = train ? 21 : 5, second_group = train ? 31 : 14;
    EXPECT_GE(plan.info.bucket, last >= second_group ? 2u : last >= first_group ? 1u : 0u);
  }
}

TEST(BatchScheduleWithShapes, BeginsWithTheLargestAndMixesLater) {
  ScheduleOptions options;
  options.buckets = {{4, 400, 0}, {4, 400, 0}};
  options.epochs = 2;
  const BatchSchedule schedule(options);
  EXPECT_EQ(schedule.plan(0).info.bucket, 1u);
  std::vector<std::uint32_t> first, second;
  for (std::uint64_t i = 0; i < 200; ++i) first.push_back(schedule.plan(i).info.bucket);
  for (std::uint64_t i = 200; i < 400; ++i) second.push_back(schedule.plan(i).info.bucket);
  EXPECT_NE(first, second);
  EXPECT_FALSE(std::is_sorted(second.begin(), second.end()));
}

/// A recorded graph of each shape serves the whole run.
TEST(BatchScheduleWithShapes, TheFirstEpochHasAllKindsOfBatchesThereAre) {
  const BatchSchedule schedule(three_shapes());
  std::set<std::pair<std::uint32_t, std::uint32_t>> kinds;
  for (const BatchPlan& plan : all_plans(schedule)) {
    const bool is_new = kinds.emplace(plan.info.bucket, plan.info.count).second;
    EXPECT_FALSE(is_new && plan.info.epoch > 0) << "epoch " << plan.info.epoch;
  }
}

TEST(BatchScheduleWithShapes, AStepCountsItsOwnSamples) {
  ScheduleOptions options = three_shapes();
  options.grad_accum = 3;
  const BatchSchedule schedule(options);
  const std::uint64_t batches = schedule.train_batches(0);
  for (std::uint64_t first = 0; first < batches; first += 3) {
    std::uint64_t samples = 0;
    for (std::uint64_t i = first; i < std::min(first + 3, batches); ++i)
      samples += schedule.plan(i).info.count;
    EXPECT_EQ(schedule.step_samples(0, static_cast<std::uint32_t>(first)), samples);
  }
}

TEST(BatchScheduleWithShapes, ARunThatGoesOnHasTheBatchesThatWereLeft) {
  const BatchSchedule whole(three_shapes());
  const BatchSchedule rest(three_shapes(), {4, 0});
  ASSERT_EQ(rest.size() + 4, whole.size());
  for (std::uint64_t i = 0; i < rest.size(); ++i) {
    EXPECT_EQ(rest.plan(i).first_position, whole.plan(i + 4).first_position);
    EXPECT_EQ(rest.plan(i).info.bucket, whole.plan(i + 4).info.bucket);
  }
}

TEST(Parts, TakenInTurnsAreTheWhole) {
  const BatchSchedule whole(options(101, 19, 10, 3), {12, 1});
  for (const std::uint64_t parts : {1, 2, 3, 50}) {
    std::vector<BatchSchedule> each;
    for (std::uint64_t number = 0; number < parts; ++number) each.push_back(whole.part(number, parts));
    std::uint64_t sum = 0;
    for (const BatchSchedule& part : each) sum += part.size();
    EXPECT_EQ(sum, whole.size());
    for (std::uint64_t index = 0; index < whole.size(); ++index) {
      const BatchPlan wanted = whole.plan(index), made = each[index % parts].plan(index / parts);
      EXPECT_EQ(made.first_position, wanted.first_position);
      EXPECT_EQ(std::tuple(made.info.epoch, made.info.batch, made.info.split, made.info.count,
                           made.info.last_of_split),
                std::tuple(wanted.info.epoch, wanted.info.batch, wanted.info.split, wanted.info.count,
                           wanted.info.last_of_split));
      EXPECT_EQ(made.info.sequence, index / parts);
    }
  }
}

}  // namespace
}  // namespace feedline

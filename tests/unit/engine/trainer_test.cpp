#include "fake_receiver.hpp"
#include "temp_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/engine/saver.hpp>
#include <feedline/engine/trainer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::FakeReceiver;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Writes down what it is asked to do; every step's loss is 1, as the parts of a mean add up.
struct RecordingLearner : Learner {
  std::optional<BatchResult> accumulate(const Slot& batch, std::uint64_t step_samples) override {
    if (batches.size() == fail_at) throw std::runtime_error("no more");
    batches.push_back(batch.header().count);
    return BatchResult{static_cast<float>(batch.header().count) / static_cast<float>(step_samples), {}};
  }
  void step(double learning_rate) override { rates.push_back(learning_rate); }
  void evaluate(const Slot& batch) override { evaluated += batch.header().count; }
  ValResult finish_evaluation() override {
    return {0.5, {{"accuracy", std::exchange(evaluated, 0) / 100.0}}};
  }
  std::string model_name() const override { return "recording"; }
  std::int64_t parameters() const override { return 0; }

  std::vector<std::uint32_t> batches;
  std::vector<double> rates;
  std::uint32_t evaluated = 0;
  std::size_t fail_at = SIZE_MAX;
};

constexpr auto kIdle = std::chrono::milliseconds(10), kWork = std::chrono::milliseconds(30);

/// Makes a secret of what batches gave until `behind` others are under way or it is waited for, and tells the
/// time of a device. The loss of step n, from 1, is n.
struct LateLearner : RecordingLearner {
  std::optional<BatchResult> accumulate(const Slot& batch, std::uint64_t step_samples) override {
    auto result = RecordingLearner::accumulate(batch, step_samples);
    *result->loss *= static_cast<float>(rates.size() + 1);
    result->time = DeviceTime{kIdle, kWork};
    secrets.push_back(*result);
    return std::nullopt;
  }
  std::optional<BatchResult> finished(bool wait) override {
    if (secrets.empty() || (!wait && secrets.size() <= behind)) return std::nullopt;
    const BatchResult result = secrets.front();
    secrets.pop_front();
    return result;
  }
  /// As a device is waited for before it is copied from.
  std::vector<CheckpointPart> snapshot() override {
    EXPECT_TRUE(secrets.empty()) << "the report cannot be complete";
    return {};
  }

  std::deque<BatchResult> secrets;
  std::size_t behind = 3;
};

TrainSettings train_options() {
  TrainSettings options;
  options.lr = 0.5;
  options.warmup_steps = 2;
  return options;
}

/// A trainer with everything around it.
template <typename AnyLearner = RecordingLearner>
struct TrainerRunWith {
  explicit TrainerRunWith(
      const ScheduleOptions& schedule_options, std::function<bool()> stop = [] { return false; })
      : schedule(schedule_options),
        receiver(schedule, {{"label", DType::kInt64, {}}}, nullptr),
        trainer(learner, receiver, schedule, options, progress, std::move(stop)) {}

  const TrainReport& report() const { return trainer.report(); }

  TrainSettings options = train_options();
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> nowhere{std::fopen("/dev/null", "w"), &std::fclose};
  Progress progress{nowhere.get(), false};
  AnyLearner learner;
  BatchSchedule schedule;
  FakeReceiver receiver;
  Trainer trainer;
};

using TrainerRun = TrainerRunWith<>;
using LateRun = TrainerRunWith<LateLearner>;

/// 10 samples in batches of 4, two batches a step: steps of 8 and 2 samples; 3 validation samples.
ScheduleOptions small_schedule() {
  return {.buckets = {{4, 10, 3}}, .epochs = 2, .grad_accum = 2};
}

SampleDigest digest_of(std::uint32_t epochs, std::uint64_t samples, SampleDigest digest = {}) {
  for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
    for (std::uint64_t id = 0; id < samples; ++id) digest.add(epoch, id);
  }
  return digest;
}

LossDigest digest_of_ones(int steps) {
  LossDigest digest;
  for (int i = 0; i < steps; ++i) digest.add(1.0f);
  return digest;
}

TEST(Trainer, RunsTheScheduleAndReportsIt) {
  TrainerRun run(small_schedule());
  run.trainer.run();
  EXPECT_THAT(run.learner.batches, ElementsAre(4, 4, 2, 4, 4, 2));
  EXPECT_EQ(run.report().epochs, 2u);
  EXPECT_EQ(run.report().steps, 4u);
  EXPECT_EQ(run.report().samples, 20u);
  EXPECT_EQ(run.report().first_loss, 1.0f);
  EXPECT_EQ(run.report().last_loss, 1.0f);
  EXPECT_EQ(run.report().val.loss, 0.5);
  EXPECT_DOUBLE_EQ(run.report().val.metrics.at("accuracy"), 0.03);
  EXPECT_FALSE(run.report().stopped);
  EXPECT_FALSE(run.receiver.closed());
  EXPECT_EQ(run.receiver.released(), run.schedule.size());
}

TEST(Trainer, TellsWhatEachEpochDid) {
  TrainerRun run(small_schedule());
  std::vector<EpochFigures> epochs;
  run.trainer.after_each_epoch([&](const EpochFigures& epoch) { epochs.push_back(epoch); });
  run.trainer.run();
  ASSERT_THAT(epochs, SizeIs(2));
  for (std::uint32_t i = 0; i < 2; ++i) {
    EXPECT_EQ(epochs[i].epoch, i + 1);
    EXPECT_EQ(epochs[i].steps, 2u);
    EXPECT_EQ(epochs[i].samples, 10u);
    EXPECT_EQ(epochs[i].train_loss, 1.0);
    EXPECT_EQ(epochs[i].val_loss, 0.5);
    EXPECT_DOUBLE_EQ(epochs[i].val.at("accuracy"), 0.03);
    EXPECT_DOUBLE_EQ(epochs[i].learning_rate, learning_rate(0.5, 2 * i + 1, 4, 2));
    EXPECT_GT(epochs[i].seconds, 0);
  }
}

TEST(Trainer, DigestsEverySampleOfEveryEpochAndEveryStepsLoss) {
  TrainerRun run(small_schedule());
  run.trainer.run();
  EXPECT_EQ(run.report().sample_digest.value(), digest_of(2, 10).value());
  EXPECT_EQ(run.report().loss_digest.value(), digest_of_ones(4).value());
}

TEST(Trainer, FollowsTheLearningRateSchedule) {
  TrainerRun run(small_schedule());
  run.trainer.run();
  ASSERT_THAT(run.learner.rates, SizeIs(4));
  for (std::uint64_t step = 0; step < 4; ++step) {
    EXPECT_DOUBLE_EQ(run.learner.rates[step], learning_rate(0.5, step, 4, 2));
  }
}

TEST(Trainer, TimesTrainingAndValidationApart) {
  TrainerRun run(small_schedule());
  run.trainer.run();
  const StepTimer& timer = run.report().timer;
  EXPECT_TRUE(run.report().first_step.has_value());
  EXPECT_GT(timer.val_s(), 0);
  EXPECT_GT(timer.step_s(), 0);
  EXPECT_GE(timer.wall_s(), timer.step_s());
}

TEST(Trainer, SamplesTheBufferBeforeEachTrainingBatchButTheFirst) {
  TrainerRun run(small_schedule());  // batches 0-2 and 4-6 train; ready is the batch's number mod 4, depth 4
  run.trainer.run();
  EXPECT_EQ(run.report().occupancy_count, 5u);
  EXPECT_DOUBLE_EQ(run.report().occupancy_sum, (1 + 2 + 0 + 1 + 2) / 4.0);
  EXPECT_DOUBLE_EQ(run.report().occupancy_min, 0);
}

TEST(Trainer, StopsAfterTheStepAndClosesTheStream) {
  TrainerRun* self = nullptr;
  TrainerRun run(small_schedule(), [&self] { return self->report().steps == 3; });
  self = &run;
  run.trainer.run();
  EXPECT_TRUE(run.report().stopped);
  EXPECT_TRUE(run.receiver.closed());
  EXPECT_EQ(run.report().steps, 3u);
  EXPECT_EQ(run.report().epochs, 1u);
  EXPECT_EQ(run.report().samples, 18u);
  EXPECT_EQ(run.receiver.received(), 6u);
  EXPECT_EQ(run.receiver.released(), 6u);
}

TEST(Trainer, StopsInTheMiddleOfAValidationWhichIsThenNotCounted) {
  TrainerRun* self = nullptr;
  ScheduleOptions options = small_schedule();
  options.buckets[0].val = 3 * options.buckets[0].rows;
  TrainerRun run(options, [&self] { return self->learner.evaluated > 0; });
  self = &run;
  run.trainer.run();
  EXPECT_TRUE(run.report().stopped);
  EXPECT_EQ(run.report().steps, 2u);
  EXPECT_EQ(run.report().epochs, 0u);
  EXPECT_EQ(run.report().val.loss, std::nullopt);
}

/// From step 3 on the loss is no number.
struct DivergingLearner : RecordingLearner {
  std::optional<BatchResult> accumulate(const Slot& batch, std::uint64_t step_samples) override {
    auto result = RecordingLearner::accumulate(batch, step_samples);
    if (rates.size() >= 2) result->loss = std::nanf("");
    return result;
  }
};

TEST(Trainer, EndsWhenTheLossIsNotFinite) {
  for (const std::uint64_t samples : {100u, 12u}) {  // 25 steps; 3, so that the end comes first
    TrainerRunWith<DivergingLearner> run({.buckets = {{4, samples, 0}}});
    try {
      run.trainer.run();
      FAIL() << "nothing was thrown";
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("from step 3 on"));
      EXPECT_THAT(error.what(), HasSubstr("--lr"));
    }
    EXPECT_EQ(run.report().steps, samples == 100 ? 7u : 3u);
  }
}

TEST(Trainer, WhatIsNotFiniteIsNeverSaved) {
  struct Broken : RecordingLearner {
    std::vector<CheckpointPart> snapshot() override {
      if (rates.size() > 5) throw NotFiniteError("fc.weight");
      return {};
    }
  };
  const testing::TempFolder folder;
  CheckpointFolder checkpoints(folder / "c");
  TrainerRunWith<Broken> run({.buckets = {{4, 20, 3}}, .epochs = 3});
  Saver saver(checkpoints, {}, {}, false);
  run.trainer.save_to(saver);
  try {
    run.trainer.run();
    FAIL() << "nothing was thrown";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("after step 10"));
    EXPECT_THAT(error.what(), HasSubstr("fc.weight"));
    EXPECT_THAT(error.what(), HasSubstr("step-000000005-epoch-1, is finite"));
  }
  saver.finish();
  EXPECT_THAT(list_checkpoints(folder / "c"), SizeIs(1));
}

// Somebody may make room in the middle of a run.
TEST(Trainer, ABestCheckpointThatWasRemovedIsToldAndAnotherTakesItsPlace) {
  const testing::TempFolder folder;
  CheckpointFolder checkpoints(folder / "c");
  RecordingLearner learner;
  Saver saver(checkpoints, {}, {}, false);
  const auto end_epoch = [&](std::uint32_t epoch, double loss) {
    TrainReport report;
    report.epochs = epoch;
    report.steps = 5 * epoch;
    report.val.loss = loss;
    saver.after_epoch(learner, report);
    saver.finish();
  };
  const auto best = [&] { return std::filesystem::read_symlink(folder / "c/best").string(); };
  end_epoch(1, 0.1);
  end_epoch(2, 0.5);
  EXPECT_EQ(best(), "step-000000005-epoch-1");
  for (const auto& entry : std::filesystem::directory_iterator(folder / "c"))
    std::filesystem::remove_all(entry.path());
  ::testing::internal::CaptureStderr();
  end_epoch(3, 0.4);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("step-000000005-epoch-1, is not in"), HasSubstr("step-000000015-epoch-3")));
  EXPECT_EQ(best(), "step-000000015-epoch-3");
  end_epoch(4, 0.45);
  EXPECT_EQ(best(), "step-000000015-epoch-3");
  std::filesystem::remove_all(folder / "c/step-000000015-epoch-3");
  ::testing::internal::CaptureStderr();
  saver.finish();
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("nothing is called 'best' there"));
}

TEST(Trainer, AStreamThatEndsTooEarlyIsAnError) {
  TrainerRun run(small_schedule());
  run.receiver.end_after(5);
  try {
    run.trainer.run();
    FAIL() << "nothing was thrown";
  } catch (const PeerError& error) {
    EXPECT_THAT(error.what(), HasSubstr("after 5 of 8 batches"));
  }
  EXPECT_EQ(run.report().steps, 2u);
}

TEST(Trainer, AFailureLeavesAReportOfTheStepsThatWereDone) {
  TrainerRun run(small_schedule());
  run.learner.fail_at = 4;  // the second batch of the third step
  EXPECT_THROW(run.trainer.run(), std::runtime_error);
  EXPECT_EQ(run.report().steps, 2u);
  EXPECT_EQ(run.report().samples, 10u) << "samples of an unfinished step have not been consumed";
  EXPECT_EQ(run.report().sample_digest.value(), digest_of(1, 10).value());
  EXPECT_EQ(run.report().loss_digest.value(), digest_of_ones(2).value());
}

TEST(Trainer, WithoutValidationAnEpochEndsWithItsLastTrainingBatch) {
  ScheduleOptions options = small_schedule();
  options.buckets[0].val = 0;
  TrainerRun run(options);
  run.trainer.run();
  EXPECT_EQ(run.report().epochs, 2u);
  EXPECT_FALSE(run.report().val.loss.has_value());
  EXPECT_TRUE(run.report().val.metrics.empty());
}

TEST(Trainer, MaxStepsEndsTheRunWithAValidation) {
  ScheduleOptions options = small_schedule();
  options.max_steps = 3;
  TrainerRun run(options);
  run.trainer.run();
  EXPECT_EQ(run.report().steps, 3u);
  EXPECT_EQ(run.report().epochs, 2u);
  EXPECT_EQ(run.report().samples, 18u);
  EXPECT_DOUBLE_EQ(run.report().val.metrics.at("accuracy"), 0.03);
}

/// Of losses 1, 2, ...
LossDigest digest_of_steps(std::uint64_t steps) {
  LossDigest digest;
  for (std::uint64_t i = 1; i <= steps; ++i) digest.add(static_cast<float>(i));
  return digest;
}

TEST(TrainerOfADevice, NotesResultsThatComeLateInOrder) {
  LateRun run(small_schedule());
  run.trainer.run();
  EXPECT_EQ(run.report().steps, 4u);
  EXPECT_EQ(run.report().loss_digest.value(), digest_of_steps(4).value());
  EXPECT_EQ(run.report().first_loss, 1.0f);
  EXPECT_EQ(run.report().last_loss, 4.0f);
  EXPECT_TRUE(run.learner.secrets.empty());
}

TEST(TrainerOfADevice, TimesAreTheDevices) {
  LateRun run(small_schedule());
  run.trainer.run();
  const StepTimer& timer = run.report().timer;  // two epochs of three batches
  EXPECT_DOUBLE_EQ(timer.step_s(), 6 * 0.03);
  EXPECT_DOUBLE_EQ(timer.data_wait_s(), 4 * 0.01);
  EXPECT_DOUBLE_EQ(timer.wall_s(), 6 * 0.03 + 4 * 0.01);
}

TEST(TrainerOfADevice, GoesOnWhileResultsAreOutstanding) {
  LateRun* self = nullptr;
  std::size_t most = 0;
  LateRun run({.buckets = {{4, 40, 3}}, .epochs = 1}, [&] {
    most = std::max(most, self->learner.secrets.size());
    return false;
  });
  self = &run;
  run.trainer.run();
  EXPECT_EQ(most, run.learner.behind);
  EXPECT_EQ(run.report().loss_digest.value(), digest_of_steps(10).value());
}

TEST(TrainerOfADevice, AStopWaitsForTheResults) {
  LateRun* self = nullptr;
  LateRun run(small_schedule(), [&self] { return self->report().steps == 3; });
  self = &run;
  run.trainer.run();
  EXPECT_TRUE(run.report().stopped);
  EXPECT_EQ(run.report().loss_digest.value(), digest_of_steps(3).value());
}

TEST(TrainerOfADevice, AnErrorLeavesAReportOfTheStepsThatWereDone) {
  LateRun lost(small_schedule());
  lost.receiver.end_after(5);
  EXPECT_THROW(lost.trainer.run(), PeerError);
  EXPECT_EQ(lost.report().loss_digest.value(), digest_of_steps(2).value());

  LateRun failed(small_schedule());
  failed.learner.fail_at = 4;
  EXPECT_THROW(failed.trainer.run(), std::runtime_error);
  EXPECT_EQ(failed.report().steps, 2u);
  EXPECT_EQ(failed.report().loss_digest.value(), digest_of_steps(2).value());
}

TEST(TrainerOfADevice, CheckpointsHaveAllLossesOfTheirSteps) {
  const testing::TempFolder folder;
  CheckpointFolder checkpoints(folder / "c");
  SaveOptions options;
  options.every_steps = 1;
  options.keep = 100;
  LateRun run({.buckets = {{4, 60, 3}}, .epochs = 2});
  Saver saver(checkpoints, options, {}, false);
  run.trainer.save_to(saver);
  run.trainer.run();
  saver.finish();
  const auto found = list_checkpoints(folder / "c");
  EXPECT_GE(found.size(), 2u);
  for (const auto& checkpoint : found) {
    std::ifstream file(checkpoint / RunState::kFile);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const TrainReport report = run_state_from(text).report;
    EXPECT_EQ(report.loss_digest.value(), digest_of_steps(report.steps).value()) << report.steps;
  }
}

}  // namespace
}  // namespace feedline

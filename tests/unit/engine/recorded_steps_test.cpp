#include "recorded_steps.hpp"

#include "torch_learner.hpp"
#include "toy_problem.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <tuple>
#include <utility>

namespace feedline {
namespace {

/// The CPU's stand-in for a recorder: replaying is doing it again, with what lies in the same memory then.
struct RepeatingRecorder final : WorkRecorder {
  struct Repeated final : RecordedWork {
    explicit Repeated(std::function<void()> what) : work(std::move(what)) {}
    void replay() override { work(); }
    std::function<void()> work;
  };
  std::unique_ptr<RecordedWork> record(const std::function<void()>& work) override {
    return std::make_unique<Repeated>(work);
  }
};

struct RecordedRun {
  TrainReport report;
  std::size_t graphs;
};

RecordedRun train(const TrainSettings& options, const ScheduleOptions& schedule, bool recorded) {
  TorchLearner learner(options, testing::toy_info(),
                       recorded ? std::make_unique<RepeatingRecorder>() : nullptr);
  TrainReport report = testing::train_on_toy(learner, options, schedule);
  return {std::move(report), learner.graphs()};
}

/// Whole batches and short ones, steps of several batches, a short last step.
TEST(RecordedSteps, TrainAsOthersDoBitForBit) {
  for (const auto& [optimizer, precision, grad_accum] : {std::tuple{OptimizerKind::kAdam, "fp32", 1U},
                                                         {OptimizerKind::kSgd, "fp32", 3U},
                                                         {OptimizerKind::kAdam, "bf16", 2U}}) {
    TrainSettings options;
    options.model_size = ModelSize::kTiny;
    options.optimizer = optimizer;
    options.precision = precision;
    ScheduleOptions schedule =
        testing::toy_schedule(100, 8, 3);  // 12 whole batches and one of 4 rows an epoch
    schedule.grad_accum = grad_accum;
    const RecordedRun recorded = train(options, schedule, true), plain = train(options, schedule, false);
    EXPECT_EQ(recorded.report.loss_digest.value(), plain.report.loss_digest.value());
    EXPECT_EQ(recorded.report.val.loss, plain.report.val.loss);
    EXPECT_EQ(recorded.graphs, 1u) << "short batches need none";
    EXPECT_EQ(plain.graphs, 0u);
  }
}

}  // namespace
}  // namespace feedline

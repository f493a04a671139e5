#include "torch_learner.hpp"
#include "toy_problem.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <vector>

namespace feedline {
namespace {

struct Result {
  std::vector<torch::Tensor> weights;
  TrainReport report;
};

/// One optimizer step on `samples` samples in batches of `batch_size`. Only one: later steps blow the
/// rounding of the first up, through every ReLU that it turns on or off.
Result train(ModelSize size, std::uint32_t samples, std::uint32_t batch_size, std::uint32_t grad_accum) {
  TrainSettings options;
  options.model_size = size;
  options.optimizer = OptimizerKind::kSgd;  // Adam makes a whole step of the rounding of a gradient near 0
  options.lr = 0.1;
  options.weight_decay = 1e-3;
  TorchLearner learner(options, testing::toy_info());
  ScheduleOptions schedule = testing::toy_schedule(samples, batch_size, 1);
  schedule.grad_accum = grad_accum;
  TrainReport report = testing::train_on_toy(learner, options, schedule);
  return {learner.weights(), std::move(report)};
}

float difference(const Result& a, const Result& b) {
  float most = 0;
  for (std::size_t i = 0; i < a.weights.size(); ++i) {
    most = std::max(most, (a.weights[i] - b.weights[i]).abs().max().item<float>());
  }
  return most;
}

class Accumulation : public ::testing::TestWithParam<ModelSize> {};

TEST_P(Accumulation, EqualsTheLargerBatch) {
  for (const std::uint32_t samples : {24, 20}) {  // with 20 the last batch of 8 is short
    const Result whole = train(GetParam(), samples, 24, 1);
    const Result parts = train(GetParam(), samples, 8, 3);
    const Result unlike = train(GetParam(), samples, 8, 1);
    EXPECT_EQ(whole.report.steps, 1U);
    EXPECT_EQ(parts.report.steps, 1U);
    EXPECT_EQ(parts.report.sample_digest.value(), whole.report.sample_digest.value());
    EXPECT_NEAR(*parts.report.last_loss, *whole.report.last_loss, 1e-5);
    EXPECT_LT(difference(parts, whole), 1e-5);
    EXPECT_GT(difference(unlike, whole), 1e-3);
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Accumulation, ::testing::Values(ModelSize::kTiny, ModelSize::kSmall));

}  // namespace
}  // namespace feedline

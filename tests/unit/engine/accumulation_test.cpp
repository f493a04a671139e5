#include "torch_learner.hpp"
#include "toy_problem.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <vector>

namespace feedline {
namespace {

struct Result {
  std::vector<torch::Tensor> weights;
  TrainReport report;
};

/// Two epochs of 44 samples; the last step of an epoch has 20 samples, its last batch fewer than the others.
Result train(ModelSize size, std::uint32_t batch_size, std::uint32_t grad_accum) {
  TrainOptions options;
  options.model_size = size;
  options.optimizer = OptimizerKind::kSgd;  // Adam makes a whole step of the rounding of a gradient near 0
  options.lr = 0.02;
  options.weight_decay = 1e-3;
  TorchLearner learner(options, testing::toy_info());
  ScheduleOptions schedule = testing::toy_schedule(44, batch_size, 2);
  schedule.grad_accum = grad_accum;
  TrainReport report = testing::train_on_toy(learner, options, schedule);
  return {learner.weights(), std::move(report)};
}

class Accumulation : public ::testing::TestWithParam<ModelSize> {};

TEST_P(Accumulation, EqualsTheLargerBatch) {
  const Result whole = train(GetParam(), 24, 1);
  const Result parts = train(GetParam(), 8, 3);
  EXPECT_EQ(parts.report.steps, whole.report.steps);
  EXPECT_EQ(parts.report.sample_digest.value(), whole.report.sample_digest.value());
  EXPECT_NEAR(*parts.report.last_loss, *whole.report.last_loss, 1e-4);
  ASSERT_EQ(parts.weights.size(), whole.weights.size());
  for (std::size_t i = 0; i < whole.weights.size(); ++i) {
    EXPECT_TRUE(torch::allclose(parts.weights[i], whole.weights[i], 1e-4, 1e-5)) << "parameter " << i;
  }
}

TEST_P(Accumulation, DiffersFromTheSmallerBatch) {
  const Result parts = train(GetParam(), 8, 3);
  const Result small = train(GetParam(), 8, 1);
  EXPECT_FALSE(torch::allclose(parts.weights[0], small.weights[0], 1e-4, 1e-5));
}

INSTANTIATE_TEST_SUITE_P(Sizes, Accumulation, ::testing::Values(ModelSize::kTiny, ModelSize::kSmall));

}  // namespace
}  // namespace feedline

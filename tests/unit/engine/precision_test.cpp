#include "precision.hpp"

#include "speech_loss.hpp"
#include "spoken_batch.hpp"
#include "torch_learner.hpp"
#include "toy_problem.hpp"

#include <gtest/gtest.h>

#include <string>

namespace feedline {
namespace {

torch::ScalarType type_of_a_product() {
  return torch::mm(torch::ones({2, 2}), torch::ones({2, 2})).scalar_type();
}

TEST(Autocast, HoldsForItsScopeAndNests) {
  {
    const Autocast low(torch::kCPU, torch::kBFloat16);
    EXPECT_EQ(type_of_a_product(), torch::kBFloat16);
    {
      const Autocast full(torch::kCPU, torch::kFloat);
      EXPECT_EQ(type_of_a_product(), torch::kFloat);
    }
    EXPECT_EQ(type_of_a_product(), torch::kBFloat16);
  }
  EXPECT_EQ(type_of_a_product(), torch::kFloat);
}

TEST(Autocast, SeesWeightsThatHaveChangedSinceTheLast) {
  const torch::Tensor weight = torch::ones({2, 2}).set_requires_grad(true);
  const auto product = [&] {
    const Autocast low(torch::kCPU, torch::kBFloat16);
    return torch::mm(weight, torch::ones({2, 2}))[0][0].item<float>();
  };
  EXPECT_EQ(product(), 2);
  {
    const torch::NoGradGuard no_grad;
    weight.fill_(3);
  }
  EXPECT_EQ(product(), 6);
}

struct Trained {
  TrainReport report;
  std::vector<torch::Tensor> weights;
};

Trained train(ModelSize size, const std::string& precision) {
  TrainSettings options;
  options.model_size = size;
  options.lr = 2e-3;
  options.precision = precision;
  TorchLearner learner(options, testing::toy_info());
  TrainReport report = testing::train_on_toy(learner, options, testing::toy_schedule(300, 16, 4));
  return {std::move(report), learner.weights()};
}

class TrainingInBf16 : public ::testing::TestWithParam<ModelSize> {};

TEST_P(TrainingInBf16, LearnsAsFp32DoesWithWeightsOfFp32) {
  const Trained low = train(GetParam(), "bf16"), full = train(GetParam(), "fp32");
  EXPECT_GT(low.report.val.metrics.at("accuracy"), 0.95);
  EXPECT_NEAR(*low.report.first_loss, *full.report.first_loss, 0.02);
  EXPECT_NEAR(*low.report.val.loss, *full.report.val.loss, 0.05);
  EXPECT_NE(low.report.loss_digest.value(), full.report.loss_digest.value()) << "it is not another precision";
  for (const torch::Tensor& weight : low.weights) EXPECT_EQ(weight.scalar_type(), torch::kFloat);
}

TEST_P(TrainingInBf16, TheSameSeedGivesTheSameBits) {
  EXPECT_EQ(train(GetParam(), "bf16").report.loss_digest.value(),
            train(GetParam(), "bf16").report.loss_digest.value());
}

INSTANTIATE_TEST_SUITE_P(Sizes, TrainingInBf16, ::testing::Values(ModelSize::kTiny, ModelSize::kSmall));

TEST(SpeechInBf16, AlignsAndMeasuresInFp32) {
  torch::manual_seed(0);
  const auto network = make_built_in_speech(ModelSize::kTiny, testing::kSpokenSymbols, testing::kSpokenBands);
  network->set_training(false);
  const SpeechBatch batch = testing::spoken_batch({{5, 21}, {9, 40}, {3, 12}}, 9, 40);
  const torch::Tensor full = speech_loss(network->forward(batch), batch);

  const Autocast low(torch::kCPU, torch::kBFloat16);
  const SpeechOutput output = network->forward(batch);
  EXPECT_EQ(output.alignment.soft.scalar_type(), torch::kFloat);
  EXPECT_EQ(output.alignment.log_scores.scalar_type(), torch::kFloat);
  const torch::Tensor loss = speech_loss(output, batch);
  EXPECT_EQ(loss.scalar_type(), torch::kFloat);
  EXPECT_TRUE(torch::allclose(loss, full, 0.05)) << loss << full;
}

}  // namespace
}  // namespace feedline

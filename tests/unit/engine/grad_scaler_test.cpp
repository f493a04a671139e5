#include "grad_scaler.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <vector>

namespace feedline {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Two weights with an optimizer, whose gradients are those of (weights * factors).sum().
struct Problem {
  explicit Problem(OptimizerKind kind) {
    TrainSettings options;
    options.optimizer = kind;
    optimizer = make_optimizer(options, {weights});
  }

  torch::Tensor loss(float first, float second) { return (weights * torch::tensor({first, second})).sum(); }

  void step(float first, float second) {
    scaler.scaled(loss(first, second)).backward();
    scaler.step(*optimizer, {weights}, 0.1);
  }

  torch::Tensor state(const std::string& name) {
    for (const auto& [each, tensor] : scaler.state()) {
      if (each == name) return tensor;
    }
    return {};
  }
  float scale() { return state("scaler.scale").item<float>(); }
  float skipped() { return state("scaler.skipped").item<float>(); }

  torch::Tensor weights = torch::tensor({1.0f, 2.0f}).set_requires_grad(true);
  std::unique_ptr<Optimizer> optimizer;
  GradScaler scaler{torch::kCPU};
};

class GradScalerTest : public ::testing::TestWithParam<OptimizerKind> {};

TEST_P(GradScalerTest, AStepIsThatOfTheUnscaledGradients) {
  Problem scaled(GetParam()), plain(GetParam());
  for (int i = 1; i < 5; ++i) {
    scaled.step(0.5f * static_cast<float>(i), -3);
    plain.loss(0.5f * static_cast<float>(i), -3).backward();
    plain.optimizer->step(0.1);
  }
  EXPECT_TRUE(torch::allclose(scaled.weights, plain.weights)) << scaled.weights << plain.weights;
  EXPECT_FALSE(torch::equal(plain.weights, torch::tensor({1.0f, 2.0f})));
  EXPECT_EQ(scaled.scale(), 65536);
  EXPECT_EQ(scaled.skipped(), 0);
}

TEST_P(GradScalerTest, AStepThatIsNotFiniteChangesNothingButTheScale) {
  for (const float bad : {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
    Problem problem(GetParam()), quiet(GetParam());
    problem.step(1, 1);
    quiet.step(1, 1);
    problem.step(1, bad);
    EXPECT_TRUE(torch::equal(problem.weights, quiet.weights));
    EXPECT_EQ(problem.scale(), 32768);
    EXPECT_EQ(problem.skipped(), 1);
    EXPECT_FALSE(problem.weights.grad().defined()) << "the next step would add to it";
    problem.step(2, 3);  // the optimizer's own tensors must not have seen it either
    quiet.step(2, 3);
    EXPECT_TRUE(torch::allclose(problem.weights, quiet.weights));
  }
}

TEST_P(GradScalerTest, TheScaleGrowsAfterManyGoodStepsInARow) {
  Problem problem(GetParam());
  for (int i = 0; i < 1999; ++i) problem.step(1, 1);
  problem.step(kInfinity, 1);  // one short of them
  EXPECT_EQ(problem.scale(), 32768);
  for (int i = 0; i < 1999; ++i) problem.step(1, 1);
  EXPECT_EQ(problem.scale(), 32768);
  problem.step(1, 1);
  EXPECT_EQ(problem.scale(), 65536);
}

TEST_P(GradScalerTest, WhoTakesItsStateGoesOnAsIt) {
  Problem first(GetParam()), second(GetParam());
  first.step(kInfinity, 1);
  for (int i = 0; i < 1500; ++i) first.step(1, 1);
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : first.scaler.state()) second.state(name).copy_(tensor);
  const auto after_more = [](Problem& problem) {
    const torch::AutoGradMode gradients(true);
    for (int i = 0; i < 500; ++i) problem.step(1, 1);
    return problem.scale();
  };
  EXPECT_EQ(after_more(first), 65536);
  EXPECT_EQ(after_more(second), 65536);
  EXPECT_EQ(second.skipped(), 1);
}

INSTANTIATE_TEST_SUITE_P(Optimizers, GradScalerTest,
                         ::testing::Values(OptimizerKind::kAdam, OptimizerKind::kSgd));

}  // namespace
}  // namespace feedline

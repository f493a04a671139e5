#include "optimizer.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <memory>
#include <vector>

namespace feedline {
namespace {

std::vector<torch::Tensor> parameters() {
  torch::manual_seed(7);
  return {torch::randn({5, 3}).set_requires_grad(true), torch::randn({4}).set_requires_grad(true)};
}

/// Gives each parameter the gradient of some step.
void set_gradients(std::vector<torch::Tensor>& tensors, int step) {
  for (torch::Tensor& tensor : tensors) tensor.mutable_grad() = (tensor.detach() * (step + 1)).cos();
}

/// Takes five steps with ours and with torch's own, at a rate that changes, and compares the parameters.
void expect_same(const TrainSettings& options, const std::function<std::unique_ptr<torch::optim::Optimizer>(
                                                   const std::vector<torch::Tensor>&)>& make_reference) {
  auto ours = parameters(), reference = parameters();
  const auto optimizer = make_optimizer(options, ours);
  const auto torch_optimizer = make_reference(reference);
  for (int step = 0; step < 5; ++step) {
    set_gradients(ours, step);
    set_gradients(reference, step);
    optimizer->step(0.1 / (step + 1));
    for (auto& group : torch_optimizer->param_groups()) group.options().set_lr(0.1 / (step + 1));
    torch_optimizer->step();
    for (std::size_t i = 0; i < ours.size(); ++i) {
      EXPECT_TRUE(torch::allclose(ours[i], reference[i], 1e-5, 1e-6))
          << "step " << step << ", parameter " << i;
      EXPECT_FALSE(ours[i].grad().defined());
    }
  }
}

TEST(Optimizer, AdamIsTorchsAdam) {
  for (const double decay : {0.0, 0.1}) {
    TrainSettings options;
    options.weight_decay = decay;
    expect_same(options, [decay](const auto& tensors) {
      return std::make_unique<torch::optim::Adam>(tensors,
                                                  torch::optim::AdamOptions(0.1).weight_decay(decay));
    });
  }
}

TEST(Optimizer, SgdIsTorchsSgd) {
  for (const auto& [momentum, decay] : {std::pair{0.0, 0.0}, {0.9, 0.0}, {0.9, 0.1}}) {
    TrainSettings options;
    options.optimizer = OptimizerKind::kSgd;
    options.momentum = momentum;
    options.weight_decay = decay;
    expect_same(options, [m = momentum, d = decay](const auto& tensors) {
      return std::make_unique<torch::optim::SGD>(tensors,
                                                 torch::optim::SGDOptions(0.1).momentum(m).weight_decay(d));
    });
  }
}

TEST(Optimizer, GradientsThatAreKeptStayWhereTheyAreAndAre0) {
  for (const OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    TrainSettings options;
    options.optimizer = kind;
    auto ours = parameters();
    const torch::Tensor before = ours[1].detach().clone();
    const auto optimizer = make_optimizer(options, ours, Gradients::kKept);
    const torch::Tensor gradient = torch::ones_like(ours[0]);
    ours[0].mutable_grad() = gradient;
    optimizer->step(0.1);
    EXPECT_TRUE(ours[0].grad().is_same(gradient));
    EXPECT_EQ(gradient.abs().max().item<float>(), 0);
    EXPECT_FALSE(ours[1].grad().defined());
    optimizer->step(0.1);
    EXPECT_TRUE(torch::equal(ours[1], before)) << "it never had one";
  }
}

TEST(Optimizer, LeavesAParameterWithoutGradientAsItIs) {
  for (const OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    TrainSettings options;
    options.optimizer = kind;
    options.weight_decay = 0.1;
    auto ours = parameters();
    const torch::Tensor before = ours[1].detach().clone(), moved = ours[0].detach().clone();
    const auto optimizer = make_optimizer(options, ours);
    ours[0].mutable_grad() = torch::ones_like(ours[0]);
    optimizer->step(0.1);
    EXPECT_TRUE(torch::equal(ours[1], before));
    EXPECT_FALSE(torch::equal(ours[0], moved));
    optimizer->step(0.1);  // with no gradient at all
  }
}

}  // namespace
}  // namespace feedline

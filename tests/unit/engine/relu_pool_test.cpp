#include "relu_pool.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace feedline {
namespace {

/// Values with many ties and zeros, where the choice of the maximum matters.
torch::Tensor coarse(torch::IntArrayRef shape) {
  return torch::randint(-2, 3, shape).to(torch::kFloat);
}

void expect_like_torch(const torch::Tensor& values) {
  const torch::Tensor x = values.clone().set_requires_grad(true),
                      reference = values.clone().set_requires_grad(true);
  const torch::Tensor y = relu_max_pool(x), expected = torch::relu(torch::max_pool2d(reference, 2));
  EXPECT_TRUE(torch::equal(y, expected));
  const torch::Tensor gradient = torch::randn_like(expected);
  y.backward(gradient);
  expected.backward(gradient);
  EXPECT_TRUE(torch::equal(x.grad(), reference.grad()));
}

TEST(ReluMaxPool, IsTorchsPoolingAndItsGradient) {
  torch::manual_seed(1);
  for (const auto& shape :
       std::vector<std::vector<std::int64_t>>{{1, 1, 2, 2}, {3, 2, 28, 28}, {2, 5, 9, 7}, {2, 3, 8, 33}}) {
    expect_like_torch(torch::randn(shape));
    expect_like_torch(coarse(shape));
  }
}

TEST(ReluMaxPool, TakesAnyMemoryOrder) {
  torch::manual_seed(2);
  expect_like_torch(torch::randn({2, 8, 6, 6}).contiguous(torch::MemoryFormat::ChannelsLast));
  expect_like_torch(torch::randn({2, 8, 6, 6}).transpose(2, 3));
}

TEST(ReluMaxPool, TakesOtherElementTypes) {
  expect_like_torch(torch::randn({2, 3, 6, 6}, torch::kDouble));
}

}  // namespace
}  // namespace feedline

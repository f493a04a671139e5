#include "models.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace feedline {
namespace {

class Models : public ::testing::TestWithParam<ModelSize> {};

TEST_P(Models, TakePicturesOfAnyShape) {
  const torch::NoGradGuard no_grad;
  for (const PictureShape& shape : {PictureShape{1, 8, 8}, PictureShape{3, 9, 21}, PictureShape{4, 28, 28},
                                    PictureShape{3, 64, 48}, PictureShape{3, 224, 160}}) {
    const auto network = make_built_in(GetParam(), shape, 7);
    const torch::Tensor logits =
        network->forward(torch::randn({2, shape.channels, shape.height, shape.width}));
    EXPECT_EQ(logits.sizes(), torch::IntArrayRef({2, 7})) << shape.height << " x " << shape.width;
    EXPECT_TRUE(logits.isfinite().all().item<bool>());
  }
}

TEST_P(Models, HaveTheSameWeightsForTheSameSeed) {
  const auto weights = [](std::uint64_t seed) {
    torch::manual_seed(seed);
    return make_built_in(GetParam(), {1, 8, 8}, 3)->parameters();
  };
  const auto first = weights(1), second = weights(1), other = weights(2);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_TRUE(torch::equal(first[i], second[i]));
  EXPECT_FALSE(torch::equal(first[0], other[0]));
}

TEST_P(Models, DoNotMixTheSamplesOfABatch) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(3);
  const auto network = make_built_in(GetParam(), {3, 16, 16}, 5);
  const torch::Tensor pictures = torch::randn({4, 3, 16, 16});
  const torch::Tensor together = network->forward(pictures);
  const torch::Tensor alone = network->forward(pictures.slice(0, 2, 3));
  EXPECT_TRUE(torch::allclose(together.slice(0, 2, 3), alone, 1e-4, 1e-5));
}

TEST_P(Models, EveryParameterGetsAGradient) {
  torch::manual_seed(3);
  const auto network = make_built_in(GetParam(), {1, 28, 28}, 10);
  network->forward(torch::randn({4, 1, 28, 28})).square().sum().backward();
  for (const torch::Tensor& parameter : network->parameters()) EXPECT_TRUE(parameter.grad().defined());
}

INSTANTIATE_TEST_SUITE_P(Sizes, Models,
                         ::testing::Values(ModelSize::kTiny, ModelSize::kSmall, ModelSize::kNormal,
                                           ModelSize::kBig));

}  // namespace
}  // namespace feedline

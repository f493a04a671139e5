#include "tiny_net.hpp"

#include "relu_pool.hpp"

#include <algorithm>

namespace feedline {
namespace {

constexpr std::int64_t kFirstWidth = 16;
constexpr std::int64_t kSecondWidth = 48;
constexpr std::int64_t kGrid = 7;

torch::nn::Conv2d convolution(std::int64_t in, std::int64_t out) {
  torch::nn::Conv2d layer(torch::nn::Conv2dOptions(in, out, 3).padding(1));
  // The normalisation that follows undoes any scale of the weights, so their size decides only how far a step
  // turns them: small weights learn several times faster at the same learning rate.
  constexpr double kInitialScale = 0.2;
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& parameter : layer->parameters()) parameter.mul_(kInitialScale);
  return layer;
}

/// Makes a normalisation of all channels together, as in layer normalisation.
torch::nn::GroupNorm layer_norm(std::int64_t channels) {
  return torch::nn::GroupNorm(torch::nn::GroupNormOptions(1, channels));
}

std::int64_t grid(std::int64_t side) {
  return std::min(side / 4, kGrid);
}

}  // namespace

TinyNet::TinyNet(const PictureShape& shape, std::int64_t classes)
    : first_(convolution(shape.channels, kFirstWidth)),
      second_(convolution(kFirstWidth, kSecondWidth)),
      first_norm_(layer_norm(kFirstWidth)),
      second_norm_(layer_norm(kSecondWidth)),
      head_(kSecondWidth * grid(shape.height) * grid(shape.width), classes),
      grid_{grid(shape.height), grid(shape.width)} {
  register_module("first", first_);
  register_module("first_norm", first_norm_);
  register_module("second", second_);
  register_module("second_norm", second_norm_);
  register_module("head", head_);
}

torch::Tensor TinyNet::forward(const torch::Tensor& x) {
  torch::Tensor y = first_norm_->forward(relu_max_pool(first_->forward(x)));
  y = second_norm_->forward(relu_max_pool(second_->forward(y)));
  if (y.sizes().slice(2) != torch::IntArrayRef(grid_)) y = torch::adaptive_avg_pool2d(y, grid_);
  return head_->forward(y.flatten(1));
}

}  // namespace feedline

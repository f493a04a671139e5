#include "residual_net.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace feedline {
namespace {

constexpr std::int64_t kChannelsPerGroup = 8;

/// Pictures with a longer side than this are halved twice before the first stage, as photographs usually are.
constexpr std::int64_t kLargeSide = 96;

/// Makes a convolution without bias, since a normalisation with its own bias follows.
torch::nn::Conv2d convolution(std::int64_t in, std::int64_t out, std::int64_t size, std::int64_t stride) {
  auto options = torch::nn::Conv2dOptions(in, out, size).stride(stride).padding(size / 2).bias(false);
  torch::nn::Conv2d layer(options);
  torch::nn::init::kaiming_normal_(layer->weight, 0, torch::kFanOut, torch::kReLU);
  return layer;
}

torch::nn::GroupNorm normalization(std::int64_t channels) {
  return torch::nn::GroupNorm(
      torch::nn::GroupNormOptions(std::max<std::int64_t>(1, channels / kChannelsPerGroup), channels));
}

}  // namespace

ResidualBlock::ResidualBlock(std::int64_t in, std::int64_t out, std::int64_t stride)
    : first_(convolution(in, out, 3, stride)),
      second_(convolution(out, out, 3, 1)),
      first_norm_(normalization(out)),
      second_norm_(normalization(out)) {
  register_module("first", first_);
  register_module("first_norm", first_norm_);
  register_module("second", second_);
  register_module("second_norm", second_norm_);
  if (stride != 1 || in != out) shortcut_ = register_module("shortcut", convolution(in, out, 1, stride));
  // Blocks start as the identity, which trains faster (Goyal et al., "Accurate, large minibatch SGD",
  // 2017, 5.1).
  torch::nn::init::zeros_(second_norm_->weight);
}

torch::Tensor ResidualBlock::forward(const torch::Tensor& x) {
  torch::Tensor y = first_norm_->forward(first_->forward(x)).relu_();
  y = second_norm_->forward(second_->forward(y));
  return (y + (shortcut_.is_empty() ? x : shortcut_->forward(x))).relu_();
}

ResidualNet::ResidualNet(const ResidualPlan& plan, const PictureShape& shape, std::int64_t classes)
    : stem_(convolution(shape.channels, plan.widths.front(), 3, 1)),
      stem_norm_(normalization(plan.widths.front())),
      head_(plan.widths.back(), classes) {
  if (std::max(shape.height, shape.width) > kLargeSide)
    stem_ = convolution(shape.channels, plan.widths.front(), 7, 4);
  register_module("stem", stem_);
  register_module("stem_norm", stem_norm_);
  std::int64_t in = plan.widths.front();
  for (std::size_t stage = 0; stage < plan.widths.size(); ++stage) {
    for (std::int64_t i = 0; i < plan.blocks[stage]; ++i) {
      const std::int64_t stride = stage > 0 && i == 0 ? 2 : 1;
      blocks_.push_back(std::make_shared<ResidualBlock>(in, plan.widths[stage], stride));
      register_module(fmt::format("stage{}_block{}", stage, i), blocks_.back());
      in = plan.widths[stage];
    }
  }
  register_module("head", head_);
}

torch::Tensor ResidualNet::forward(torch::Tensor x) {
  x = stem_norm_->forward(stem_->forward(x)).relu_();
  for (const auto& block : blocks_) x = block->forward(x);
  return head_->forward(x.mean({2, 3}));
}

}  // namespace feedline

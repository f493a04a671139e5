#pragma once

#include "network.hpp"

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace feedline {

/// Widths and numbers of blocks of the stages; every stage after the first halves the picture.
struct ResidualPlan {
  std::vector<std::int64_t> widths;
  std::vector<std::int64_t> blocks;
};

/// Two 3x3 convolutions that the input bypasses (He et al., "Deep residual learning", CVPR 2016), with group
/// instead of batch normalisation (Wu and He, "Group normalization", ECCV 2018).
class ResidualBlock : public torch::nn::Module {
 public:
  ResidualBlock(std::int64_t in, std::int64_t out, std::int64_t stride);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::Conv2d first_, second_;
  torch::nn::GroupNorm first_norm_, second_norm_;
  torch::nn::Conv2d shortcut_{nullptr};
};

/// A stem, stages of residual blocks, the mean over the picture, and a linear layer.
class ResidualNet : public torch::nn::Module {
 public:
  ResidualNet(const ResidualPlan& plan, const PictureShape& shape, std::int64_t classes);
  torch::Tensor forward(torch::Tensor x);

 private:
  torch::nn::Conv2d stem_;
  torch::nn::GroupNorm stem_norm_;
  std::vector<std::shared_ptr<ResidualBlock>> blocks_;
  torch::nn::Linear head_;
};

}  // namespace feedline

#pragma once

#include "optimizer.hpp"
#include "tensor_file.hpp"

#include <torch/torch.h>

#include <vector>

namespace feedline {

/// Keeps small gradients of fp16 from becoming 0: the loss is multiplied by a scale, and gradients are
/// divided by it in the optimizer's step. A step with a gradient that is not finite changes nothing and
/// halves the scale; after 2000 others in a row it is doubled (Micikevicius et al., "Mixed precision
/// training", ICLR 2018; the figures are those of torch.amp.GradScaler). All of it is work on the device: no
/// call blocks.
class GradScaler {
 public:
  explicit GradScaler(torch::Device device);

  /// The loss to be differentiated. The scale is the same for all batches of a step.
  torch::Tensor scaled(const torch::Tensor& loss) const { return loss * scale_; }

  /// Runs the optimizer's step with the scaled gradients of `parameters`, which are those of `optimizer`.
  void step(Optimizer& optimizer, const std::vector<torch::Tensor>& parameters, double learning_rate);

  /// The tensors "scaler.scale", "scaler.good_steps" (in a row) and "scaler.skipped" (their number). They
  /// stay the same tensors for the scaler's life.
  NamedTensors state() const;

 private:
  torch::Tensor scale_, good_steps_, skipped_;
  torch::Tensor found_inf_, one_;
};

}  // namespace feedline

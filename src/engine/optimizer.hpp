#pragma once

#include "tensor_file.hpp"

#include <feedline/engine/learner.hpp>

#include <torch/torch.h>

#include <memory>
#include <optional>
#include <vector>

namespace feedline {

/// Gradients that are too large by a factor; see GradScaler. Both float [], on the device.
struct Scaling {
  torch::Tensor scale;
  torch::Tensor found_inf;  ///< 1: some gradient is not finite, and the step must change nothing; else 0
};

/// What becomes of gradients after a step: they go, or they stay where they are and are 0, as recorded work
/// needs them.
enum class Gradients { kDropped, kKept };

/// Changes parameters by their gradients. Torch's fused kernels: one call a step for all parameters, where
/// torch::optim takes about ten a parameter. A parameter without a gradient is left as it is.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// One step; afterwards the parameters have no gradient, or one of 0.
  virtual void step(double learning_rate, const std::optional<Scaling>& scaling = std::nullopt) = 0;

  /// Its own tensors, named after what they are and the place of their parameter: "mean.3". They stay the
  /// same tensors for its life.
  virtual NamedTensors state() const = 0;
};

/// SGD with momentum, or Adam, with weight decay added to the gradient: what torch.optim computes for the
/// same arguments.
std::unique_ptr<Optimizer> make_optimizer(const TrainOptions& options, std::vector<torch::Tensor> parameters,
                                          Gradients after = Gradients::kDropped);

}  // namespace feedline

#pragma once

#include "tensor_file.hpp"

#include <feedline/engine/learner.hpp>

#include <torch/torch.h>

#include <memory>
#include <optional>
#include <vector>

namespace feedline {

/// The factor by which gradients are too large; see GradScaler. Both are float [], on the device.
struct Scaling {
  torch::Tensor scale;
  torch::Tensor found_inf;  ///< 1: some gradient is not finite, and the step must change nothing; else 0
};

/// The state of gradients after a step: removed, or kept in place and set to 0, as recorded work needs them.
enum class Gradients { kDropped, kKept };

/// Changes parameters by their gradients. Uses torch's fused kernels: one call per step for all parameters,
/// where torch::optim takes about ten per parameter. A parameter without a gradient is left unchanged.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// Runs one step; afterwards the parameters have no gradient, or one of 0.
  virtual void step(double learning_rate, const std::optional<Scaling>& scaling = std::nullopt) = 0;

  /// The optimizer's own tensors, named by their kind and the index of their parameter: "mean.3". They stay
  /// the same tensors for its life.
  virtual NamedTensors state() const = 0;
};

/// Makes SGD with momentum, or Adam, with weight decay added to the gradient: the same results as torch.optim
/// with the same arguments.
std::unique_ptr<Optimizer> make_optimizer(const TrainSettings& options, std::vector<torch::Tensor> parameters,
                                          Gradients after = Gradients::kDropped);

}  // namespace feedline

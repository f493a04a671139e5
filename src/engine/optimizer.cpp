#include "optimizer.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace feedline {
namespace {

using Tensors = std::vector<torch::Tensor>;

Tensors zeros_like(const Tensors& tensors) {
  Tensors zeros;
  for (const torch::Tensor& tensor : tensors)
    zeros.push_back(torch::zeros_like(tensor, torch::MemoryFormat::Preserve));
  return zeros;
}

/// Returns the indices of the parameters that have a gradient.
std::vector<std::size_t> with_gradient(const Tensors& parameters) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].grad().defined()) indices.push_back(i);
  }
  return indices;
}

Tensors pick(const Tensors& tensors, const std::vector<std::size_t>& indices) {
  Tensors picked;
  picked.reserve(indices.size());
  for (const std::size_t i : indices) picked.push_back(tensors[i]);
  return picked;
}

Tensors gradients(const Tensors& parameters, const std::vector<std::size_t>& indices) {
  Tensors picked;
  picked.reserve(indices.size());
  for (const std::size_t i : indices) picked.push_back(parameters[i].grad());
  return picked;
}

void end_gradients(Tensors& parameters, Gradients after) {
  if (after == Gradients::kDropped) {
    for (torch::Tensor& parameter : parameters) parameter.mutable_grad().reset();
    return;
  }
  const auto used = with_gradient(parameters);
  if (!used.empty()) at::_foreach_zero_(gradients(parameters, used));
}

void add_named(NamedTensors& state, const std::string& name, const Tensors& tensors) {
  for (std::size_t i = 0; i < tensors.size(); ++i)
    state.emplace_back(name + "." + std::to_string(i), tensors[i]);
}

std::optional<torch::Tensor> scale_of(const std::optional<Scaling>& scaling) {
  return scaling ? std::optional(scaling->scale) : std::nullopt;
}

std::optional<torch::Tensor> found_inf_of(const std::optional<Scaling>& scaling) {
  return scaling ? std::optional(scaling->found_inf) : std::nullopt;
}

class Sgd : public Optimizer {
 public:
  Sgd(const TrainSettings& options, Tensors parameters, Gradients after)
      : options_(options),
        after_(after),
        parameters_(std::move(parameters)),
        momentum_(zeros_like(parameters_)) {}

  void step(double learning_rate, const std::optional<Scaling>& scaling) override {
    const torch::NoGradGuard no_grad;
    const auto used = with_gradient(parameters_);
    const bool momentum = options_.momentum != 0;
    // With a buffer of zeros the first step is the same as torch's: the gradient itself, since there is no
    // dampening.
    if (!used.empty()) {
      at::_fused_sgd_(pick(parameters_, used), gradients(parameters_, used),
                      momentum ? pick(momentum_, used) : Tensors{}, options_.weight_decay, options_.momentum,
                      learning_rate, /*dampening=*/0, /*nesterov=*/false,
                      /*maximize=*/false, /*is_first_step=*/false, scale_of(scaling), found_inf_of(scaling));
    }
    end_gradients(parameters_, after_);
  }

  NamedTensors state() const override {
    NamedTensors state;
    add_named(state, "momentum", momentum_);
    return state;
  }

 private:
  TrainSettings options_;
  Gradients after_;
  Tensors parameters_, momentum_;
};

class Adam : public Optimizer {
 public:
  Adam(const TrainSettings& options, Tensors parameters, Gradients after)
      : weight_decay_(options.weight_decay),
        after_(after),
        parameters_(std::move(parameters)),
        mean_(zeros_like(parameters_)),
        square_(zeros_like(parameters_)) {
    for (const torch::Tensor& p : parameters_)
      steps_.push_back(torch::zeros({}, p.options().dtype(torch::kFloat)));
  }

  void step(double learning_rate, const std::optional<Scaling>& scaling) override {
    const torch::NoGradGuard no_grad;
    const auto used = with_gradient(parameters_);
    if (!used.empty()) {
      const Tensors steps = pick(steps_, used);
      at::_foreach_add_(steps, 1);
      if (scaling) at::_foreach_sub_(steps, Tensors(steps.size(), scaling->found_inf));
      at::_fused_adam_(pick(parameters_, used), gradients(parameters_, used), pick(mean_, used),
                       pick(square_, used), {}, steps, learning_rate, kBeta1, kBeta2, weight_decay_, kEpsilon,
                       /*amsgrad=*/false,
                       /*maximize=*/false, scale_of(scaling), found_inf_of(scaling));
    }
    end_gradients(parameters_, after_);
  }

  NamedTensors state() const override {
    NamedTensors state;
    add_named(state, "mean", mean_);
    add_named(state, "square", square_);
    add_named(state, "steps", steps_);
    return state;
  }

 private:
  // Kingma and Ba, "Adam", ICLR 2015, section 2.
  static constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

  double weight_decay_;
  Gradients after_;
  Tensors parameters_, mean_, square_, steps_;
};

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const TrainSettings& options, std::vector<torch::Tensor> parameters,
                                          Gradients after) {
  for (torch::Tensor& parameter : parameters) parameter.set_requires_grad(true);
  if (options.optimizer == OptimizerKind::kSgd)
    return std::make_unique<Sgd>(options, std::move(parameters), after);
  return std::make_unique<Adam>(options, std::move(parameters), after);
}

}  // namespace feedline

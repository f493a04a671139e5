#include "grad_scaler.hpp"

namespace feedline {
namespace {

constexpr double kFirstScale = 65536;
constexpr double kGrowth = 2, kBackoff = 0.5;
constexpr std::int64_t kGrowthInterval = 2000;

}  // namespace

GradScaler::GradScaler(torch::Device device)
    : scale_(torch::full({}, kFirstScale, device)),
      good_steps_(torch::zeros({}, torch::TensorOptions(torch::kInt).device(device))),
      skipped_(torch::zeros({}, device)),
      found_inf_(torch::zeros({}, device)),
      one_(torch::ones({}, device)) {}

void GradScaler::step(Optimizer& optimizer, const std::vector<torch::Tensor>& parameters,
                      double learning_rate) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> gradients;
  gradients.reserve(parameters.size());
  for (const torch::Tensor& parameter : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  if (gradients.empty()) return;
  found_inf_.zero_();
  at::_amp_foreach_non_finite_check_and_unscale_(gradients, found_inf_, one_);
  optimizer.step(learning_rate, Scaling{scale_, found_inf_});
  skipped_.add_(found_inf_);
  at::_amp_update_scale_(scale_, good_steps_, found_inf_, kGrowth, kBackoff, kGrowthInterval);
}

NamedTensors GradScaler::state() const {
  return {{"scaler.scale", scale_}, {"scaler.good_steps", good_steps_}, {"scaler.skipped", skipped_}};
}

}  // namespace feedline

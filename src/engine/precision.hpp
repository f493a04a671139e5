#pragma once

#include <torch/torch.h>

#include <string>

namespace feedline {

/// The setting of --precision: the numbers that a model computes with. Weights, gradients, the optimizer's
/// tensors and losses are fp32 in every case.
class Precision {
 public:
  /// `name` is fp32, tf32, bf16 or fp16; fp32 and tf32 set up all of torch in this process. Throws UsageError
  /// when `device` cannot do that.
  Precision(const std::string& name, torch::Device device);

  /// The type for operations that gain by it: torch::kFloat, kBFloat16 or kHalf.
  torch::ScalarType number() const noexcept { return number_; }

  /// Whether small gradients would become 0, so that the loss must be scaled (GradScaler).
  bool scales_loss() const noexcept { return number_ == torch::kHalf; }

 private:
  torch::ScalarType number_ = torch::kFloat;
};

/// During its life the calling thread computes products and convolutions on devices of that type in `number`,
/// and operations that would suffer from it in fp32, as torch.autocast does; with torch::kFloat, everything
/// in the type that it has. They nest. Copies of weights in `number` are kept until the outermost ends.
class Autocast {
 public:
  Autocast(torch::DeviceType device, torch::ScalarType number);
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;
  ~Autocast();

 private:
  torch::DeviceType device_;
  bool was_enabled_;
  torch::ScalarType was_;
};

}  // namespace feedline

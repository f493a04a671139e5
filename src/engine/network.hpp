#pragma once

#include "tensor_file.hpp"

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace feedline {

/// Shape of one picture.
struct PictureShape {
  std::int64_t channels = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;
};

/// What is trained: from normalised pictures, float [B,C,H,W], to logits [B,classes].
class Network {
 public:
  virtual ~Network() = default;

  virtual torch::Tensor forward(const torch::Tensor& pictures) = 0;

  /// The tensors that the optimizer changes; they stay the same tensors for the network's life.
  virtual std::vector<torch::Tensor> parameters() const = 0;

  /// Parameters and buffers under the names that Python's state_dict() gives them.
  virtual NamedTensors state() const = 0;

  /// What a forward pass itself changes in training, as running means.
  virtual std::vector<torch::Tensor> buffers() const = 0;

  virtual void to(torch::Device device) = 0;

  /// Training or evaluation, for layers that behave differently.
  virtual void set_training(bool training) = 0;
};

/// A network made of a torch module.
class ModuleNetwork : public Network {
 public:
  explicit ModuleNetwork(torch::nn::AnyModule module) : module_(std::move(module)) {}

  torch::Tensor forward(const torch::Tensor& pictures) override { return module_.forward(pictures); }
  std::vector<torch::Tensor> parameters() const override { return module_.ptr()->parameters(); }
  NamedTensors state() const override;
  std::vector<torch::Tensor> buffers() const override { return module_.ptr()->buffers(); }
  void to(torch::Device device) override { module_.ptr()->to(device); }
  void set_training(bool training) override { module_.ptr()->train(training); }

 private:
  mutable torch::nn::AnyModule module_;
};

/// Number of values in all parameters.
std::int64_t count_values(const std::vector<torch::Tensor>& parameters);

}  // namespace feedline

#pragma once

#include "tensor_file.hpp"

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace feedline {

/// Shape of one picture.
struct PictureShape {
  std::int64_t channels = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;
};

/// A trained network: tensors that the optimizer changes, and how they are kept.
class Network {
 public:
  virtual ~Network() = default;

  /// The tensors that the optimizer changes; they stay the same tensors for the network's life.
  virtual std::vector<torch::Tensor> parameters() const = 0;

  /// Parameters and buffers under the names that Python's state_dict() gives them.
  virtual NamedTensors state() const = 0;

  /// The tensors that a forward pass itself changes in training, such as running means.
  virtual std::vector<torch::Tensor> buffers() const = 0;

  virtual void to(torch::Device device) = 0;

  /// Selects training or evaluation, for layers that behave differently.
  virtual void set_training(bool training) = 0;
};

/// Maps normalised pictures, float [B,C,H,W], to logits [B,classes].
class Classifier : public Network {
 public:
  virtual torch::Tensor forward(const torch::Tensor& pictures) = 0;
};

/// All parameters and buffers of a module by name.
NamedTensors state_of(const torch::nn::Module& module);

/// A network of type `Kind` made of a torch module.
template <typename Kind, typename Module>
class ModuleNetwork : public Kind {
 public:
  explicit ModuleNetwork(std::shared_ptr<Module> module) : module_(std::move(module)) {}

  std::vector<torch::Tensor> parameters() const override { return module_->parameters(); }
  NamedTensors state() const override { return state_of(*module_); }
  std::vector<torch::Tensor> buffers() const override { return module_->buffers(); }
  void to(torch::Device device) override { module_->to(device); }
  void set_training(bool training) override { module_->train(training); }

 protected:
  Module& module() noexcept { return *module_; }

 private:
  std::shared_ptr<Module> module_;
};

/// The number of values in all parameters.
std::int64_t count_values(const std::vector<torch::Tensor>& parameters);

}  // namespace feedline

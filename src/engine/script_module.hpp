#pragma once

#include "network.hpp"

#include <torch/script.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// Loads a TorchScript file for training. Throws UsageError when there is no such file, it is not
/// TorchScript, or it has nothing to train.
torch::jit::Module load_script_module(const std::filesystem::path& path, torch::Device device);

/// A network of type `Kind` whose layers are those of a TorchScript module; its parameters are trained in
/// place.
template <typename Kind>
class ScriptNetwork : public Kind {
 public:
  ScriptNetwork(torch::jit::Module module, std::string name)
      : module_(std::move(module)), name_(std::move(name)) {}

  std::vector<torch::Tensor> parameters() const override {
    std::vector<torch::Tensor> trained;
    for (const torch::Tensor& parameter : module_.parameters()) {
      if (parameter.requires_grad()) trained.push_back(parameter);
    }
    return trained;
  }

  NamedTensors state() const override {
    NamedTensors state;
    for (const auto& item : module_.named_parameters()) state.emplace_back(item.name, item.value);
    for (const auto& item : module_.named_buffers()) state.emplace_back(item.name, item.value);
    return state;
  }

  std::vector<torch::Tensor> buffers() const override {
    std::vector<torch::Tensor> buffers;
    for (const torch::Tensor& buffer : module_.buffers()) buffers.push_back(buffer);
    return buffers;
  }

  void to(torch::Device device) override { module_.to(device); }
  void set_training(bool training) override { module_.train(training); }

 protected:
  torch::jit::Module& module() noexcept { return module_; }

  /// The name of the file, for messages.
  const std::string& name() const noexcept { return name_; }

 private:
  torch::jit::Module module_;
  std::string name_;
};

}  // namespace feedline

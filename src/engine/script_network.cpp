#include "script_network.hpp"

#include "torch_setup.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/script.h>

#include <exception>
#include <string>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

torch::jit::Module load(const std::filesystem::path& path, torch::Device device) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    throw UsageError(fmt::format("The model file {} does not exist, or is no file.", path.string()));
  }
  try {
    return torch::jit::load(path.string(), device);
  } catch (const std::exception& error_of_torch) {
    const std::string reason = torch_message(error_of_torch);
    throw UsageError(
        fmt::format("The model file {} is not TorchScript ({}). Write it with "
                    "torch.jit.script(model).save(path).",
                    path.string(), reason.substr(0, reason.find(". "))));
  }
}

class ScriptNetwork : public Classifier {
 public:
  ScriptNetwork(torch::jit::Module module, std::string name)
      : module_(std::move(module)), name_(std::move(name)) {}

  torch::Tensor forward(const torch::Tensor& pictures) override {
    const torch::jit::IValue output = module_.forward({pictures});
    if (!output.isTensor()) {
      throw UsageError(fmt::format("The model {} must return one tensor [B,classes], but returned {}.", name_,
                                   output.tagKind()));
    }
    return output.toTensor();
  }

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

 private:
  torch::jit::Module module_;
  std::string name_;
};

/// What the network makes of two empty pictures.
torch::Tensor try_out(Classifier& network, const PictureShape& shape, const std::string& name,
                      torch::Device device) {
  const torch::NoGradGuard no_grad;
  network.set_training(false);
  const torch::Tensor pictures = torch::zeros({2, shape.channels, shape.height, shape.width}, device);
  try {
    return network.forward(pictures);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& reason) {
    throw UsageError(fmt::format("The model {} cannot take the pictures of this data, float [{}]: {}", name,
                                 fmt::join(pictures.sizes(), ","), torch_message(reason)));
  }
}

void check_output(const torch::Tensor& output, std::int64_t classes, const std::string& name) {
  const torch::IntArrayRef sizes = output.sizes();
  if (sizes != torch::IntArrayRef({2, classes}) || !output.is_floating_point()) {
    throw UsageError(
        fmt::format("The model {} has an output of the wrong shape: for a batch of 2 pictures of {} classes "
                    "it must be float [2,{}], but it is {} [{}].",
                    name, classes, classes, torch::toString(output.scalar_type()), fmt::join(sizes, ",")));
  }
}

}  // namespace

std::unique_ptr<Classifier> load_script(const std::filesystem::path& path, const PictureShape& shape,
                                        std::int64_t classes, torch::Device device) {
  // Plain autograd: the profiling executor compiles other code after the first runs, so that a step's bits
  // would depend on how many came before it in this process.
  torch::jit::getProfilingMode() = false;
  torch::jit::getExecutorMode() = false;

  const std::string name = path.string();
  auto network = std::make_unique<ScriptNetwork>(load(path, device), name);
  if (network->parameters().empty()) {
    throw UsageError(
        fmt::format("The model {} has no trainable parameters: its tensors are constants (a frozen module?) "
                    "or do not require gradients.",
                    name));
  }
  check_output(try_out(*network, shape, name, device), classes, name);
  return network;
}

}  // namespace feedline

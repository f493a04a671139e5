#include "script_module.hpp"

#include "archive_check.hpp"
#include "torch_setup.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <torch/csrc/jit/codegen/fuser/interface.h>

#include <exception>
#include <system_error>

namespace feedline {
namespace {

torch::jit::Module read(const std::filesystem::path& path, torch::Device device) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    throw UsageError(fmt::format("The model file {} does not exist, or is no file.", path.string()));
  }
  try {
    caffe2::serialize::PyTorchStreamReader reader(path.string());
    for (const char* archive : {"constants", "data"}) check_records(reader, archive, path);
    return torch::jit::load(path.string(), device);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error_of_torch) {
    const std::string reason = torch_message(error_of_torch);
    throw UsageError(
        fmt::format("The model file {} is not TorchScript ({}). Write it with "
                    "torch.jit.script(model).save(path).",
                    path.string(), reason.substr(0, reason.find(". "))));
  }
}

}  // namespace

torch::jit::Module load_script_module(const std::filesystem::path& path, torch::Device device) {
  // Plain autograd: the profiling executor compiles other code after the first runs, so that the bits of a
  // step would depend on the number of earlier steps in this process.
  torch::jit::getProfilingMode() = false;
  torch::jit::getExecutorMode() = false;
  torch::jit::overrideCanFuseOnGPU(false);  // fused dropout cannot be recorded, and rounds differently
  torch::jit::Module module = read(path, device);
  bool trainable = false;
  for (const torch::Tensor& parameter : module.parameters()) trainable |= parameter.requires_grad();
  if (!trainable) {
    throw UsageError(
        fmt::format("The model {} has no trainable parameters: its tensors are constants (a frozen module?) "
                    "or do not require gradients.",
                    path.string()));
  }
  return module;
}

}  // namespace feedline

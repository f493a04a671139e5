#include "script_network.hpp"

#include "script_error.hpp"
#include "script_module.hpp"
#include "torch_setup.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <exception>
#include <string>

namespace feedline {
namespace {

/// Returns advice for a batch of one row, which may be the last of an epoch; batch normalisation cannot train
/// on it.
std::string remedy_for(torch::IntArrayRef sizes, const std::string& reason) {
  if (sizes[0] != 1 || reason.find("Expected more than 1 value per channel") == std::string::npos) return "";
  return " The batch has one sample: it is an epoch's last and holds what is left over. --drop-last leaves "
         "it out.";
}

std::string cannot_take(const std::string& name, torch::IntArrayRef sizes, const std::exception& error) {
  const std::string reason = torch_message(error);
  return fmt::format(
      "The model {} cannot take the pictures of this data, float [{}] (samples, channels, height, width): "
      "{}.{}",
      name, fmt::join(sizes, ","), reason, remedy_for(sizes, reason));
}

class ScriptClassifier final : public ScriptNetwork<Classifier> {
 public:
  using ScriptNetwork::ScriptNetwork;

  torch::Tensor forward(const torch::Tensor& pictures) override {
    const torch::jit::IValue output = run(pictures);
    if (!output.isTensor()) {
      throw UsageError(fmt::format("The model {} must return one tensor [B,classes], but returned {}.",
                                   name(), output.tagKind()));
    }
    return output.toTensor();
  }

 private:
  torch::jit::IValue run(const torch::Tensor& pictures) {
    try {
      return module().forward({pictures});
    } catch (const std::exception& error) {
      if (!is_script_error(error.what())) throw;
      throw UsageError(cannot_take(name(), pictures.sizes(), error));
    }
  }
};

/// Returns the network's output for two empty pictures.
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
    throw UsageError(cannot_take(name, pictures.sizes(), reason));
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
  const std::string name = path.string();
  auto network = std::make_unique<ScriptClassifier>(load_script_module(path, device), name);
  check_output(try_out(*network, shape, name, device), classes, name);
  return network;
}

}  // namespace feedline

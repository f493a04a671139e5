#include "finite.hpp"

#include "torch_learner.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/engine/saved_model.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

namespace feedline {
namespace {

/// Returns whether all values are finite: a value that is not finite, and no other, has all bits of the
/// exponent set.
template <typename Bits>
bool finite_bits(const void* values, std::size_t count, Bits exponent) {
  const auto* bytes = static_cast<const char*>(values);
  Bits found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Bits bits;
    std::memcpy(&bits, bytes + i * sizeof bits, sizeof bits);
    found |= static_cast<Bits>((bits & exponent) == exponent);
  }
  return found == 0;
}

}  // namespace

bool is_finite(const torch::Tensor& tensor) {
  const torch::NoGradGuard no_grad;
  if (!tensor.is_floating_point() && !tensor.is_complex()) return true;
  const torch::Tensor values = tensor.contiguous();
  const auto count = static_cast<std::size_t>(values.numel());
  constexpr std::uint32_t kFloatExponent = 0x7f800000;
  constexpr std::uint64_t kDoubleExponent = 0x7ff0000000000000;
  if (values.scalar_type() == torch::kFloat)
    return finite_bits(values.const_data_ptr(), count, kFloatExponent);
  if (values.scalar_type() == torch::kDouble)
    return finite_bits(values.const_data_ptr(), count, kDoubleExponent);
  return torch::isfinite(values).all().item<bool>();
}

std::optional<std::string> first_not_finite(const NamedTensors& tensors, const std::set<std::string>& spare) {
  for (const auto& [name, tensor] : tensors) {
    if (!spare.contains(name) && !is_finite(tensor)) return name;
  }
  return std::nullopt;
}

NamedTensors trained_among(const NamedTensors& model, const NamedTensors& optimizer) {
  NamedTensors trained;
  std::size_t next = 0;
  for (const auto& [name, state] : optimizer) {
    if (name.rfind("mean.", 0) != 0 && name.rfind("momentum.", 0) != 0) continue;
    while (next < model.size() && model[next].second.sizes() != state.sizes()) ++next;
    if (next == model.size()) break;
    trained.push_back(model[next++]);
  }
  return trained;
}

std::optional<std::string> not_finite_in(const std::filesystem::path& checkpoint) {
  const auto model_file = checkpoint / TorchLearner::kModelFile;
  const auto optimizer_file = checkpoint / TorchLearner::kOptimizerFile;
  if (!std::filesystem::exists(model_file) || !std::filesystem::exists(optimizer_file)) return std::nullopt;
  const NamedTensors optimizer = load_tensors(optimizer_file);
  if (const auto name = first_not_finite(optimizer))
    return fmt::format("{}: '{}'", TorchLearner::kOptimizerFile, *name);
  if (const auto name = first_not_finite(trained_among(load_tensors(model_file), optimizer)))
    return fmt::format("{}: '{}'", TorchLearner::kModelFile, *name);
  return std::nullopt;
}

}  // namespace feedline

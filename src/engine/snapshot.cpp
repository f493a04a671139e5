#include "snapshot.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <mutex>

namespace feedline {
namespace {

bool same_layout(const NamedTensors& a, const NamedTensors& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const torch::Tensor& x = a[i].second;
    const torch::Tensor& y = b[i].second;
    if (a[i].first != b[i].first || x.sizes() != y.sizes() || x.scalar_type() != y.scalar_type())
      return false;
  }
  return true;
}

std::shared_ptr<NamedTensors> empty_like(const NamedTensors& live) {
  auto copies = std::make_shared<NamedTensors>();
  for (const auto& [name, tensor] : live) {
    const auto options = torch::TensorOptions().dtype(tensor.scalar_type()).device(torch::kCPU);
    copies->emplace_back(name, torch::empty(tensor.sizes(), options));
  }
  return copies;
}

std::string shape_text(const torch::Tensor& tensor) {
  return fmt::format("{} [{}]", torch::toString(tensor.scalar_type()), fmt::join(tensor.sizes(), ","));
}

std::vector<std::pair<std::string, at::Generator>> generators(torch::Device device) {
  std::vector<std::pair<std::string, at::Generator>> found = {
      {"generator.cpu", at::globalContext().defaultGenerator(c10::Device(c10::kCPU))}};
  if (device.is_cuda()) found.emplace_back("generator.cuda", at::globalContext().defaultGenerator(device));
  return found;
}

}  // namespace

std::shared_ptr<const NamedTensors> SnapshotMemory::copy(const NamedTensors& live) {
  const torch::NoGradGuard no_grad;
  std::shared_ptr<NamedTensors> target;
  for (const auto& copies : copies_) {
    if (copies.use_count() == 1 && same_layout(*copies, live)) target = copies;
  }
  if (!target) {
    std::erase_if(copies_, [](const auto& copies) { return copies.use_count() == 1; });
    target = copies_.emplace_back(empty_like(live));
  }
  for (std::size_t i = 0; i < live.size(); ++i) (*target)[i].second.copy_(live[i].second);
  return target;
}

NamedTensors generator_states(torch::Device device) {
  NamedTensors states;
  for (auto& [name, generator] : generators(device)) {
    const std::lock_guard lock(generator.mutex());
    states.emplace_back(name, generator.get_state());
  }
  return states;
}

void set_generator_states(const NamedTensors& states, torch::Device device) {
  for (auto& [name, generator] : generators(device)) {
    for (const auto& [of, state] : states) {
      if (of != name) continue;
      const std::lock_guard lock(generator.mutex());
      generator.set_state(state);
    }
  }
}

void overwrite(const NamedTensors& live, const NamedTensors& file, const std::filesystem::path& name) {
  const torch::NoGradGuard no_grad;
  std::map<std::string, torch::Tensor> found(file.begin(), file.end());
  for (const auto& [tensor_name, tensor] : live) {
    const auto saved = found.find(tensor_name);
    if (saved == found.end())
      throw UsageError(
          fmt::format("{} is of another model: it has no tensor '{}'.", name.string(), tensor_name));
    if (saved->second.sizes() != tensor.sizes() || saved->second.scalar_type() != tensor.scalar_type()) {
      throw UsageError(fmt::format("{} is of another model: its tensor '{}' is {}, not {}.", name.string(),
                                   tensor_name, shape_text(saved->second), shape_text(tensor)));
    }
  }
  if (found.size() != live.size())
    throw UsageError(fmt::format("{} is of another model: it has {} tensors, not {}.", name.string(),
                                 found.size(), live.size()));
  for (const auto& [tensor_name, tensor] : live) tensor.copy_(found.at(tensor_name));
}

}  // namespace feedline

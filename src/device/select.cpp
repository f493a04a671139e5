#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>
#include <feedline/device/select.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace feedline {
namespace {

std::string what_is_there(const std::vector<GpuInfo>& gpus) {
  if (!gpus.empty()) {
    std::string text = "There are: ";
    for (const GpuInfo& gpu : gpus) {
      text += fmt::format("{}{} ({}, {})", &gpu == &gpus.front() ? "" : ", ", gpu.ordinal, gpu.name,
                          format_bytes(gpu.memory_bytes));
    }
    return text + ".";
  }
  return built_with_cuda() ? "This machine has no usable GPU." : "This build has no CUDA, so it sees no GPU.";
}

std::string what_was_asked(const DeviceRequest& request) {
  std::string text = "Asked for:";
  if (request.data_gpu) text += fmt::format(" --data-gpu {}", *request.data_gpu);
  if (request.model_gpu) text += fmt::format(" --model-gpu {}", *request.model_gpu);
  return text + ".";
}

void check_ordinal(const std::optional<int>& ordinal, const DeviceRequest& request,
                   const std::vector<GpuInfo>& gpus) {
  if (!ordinal) return;
  const auto matches = [&](const GpuInfo& gpu) { return gpu.ordinal == *ordinal; };
  if (std::any_of(gpus.begin(), gpus.end(), matches)) return;
  throw DeviceError(fmt::format(
      "There is no such GPU.\n"
      "Insufficient GPUs for Multi-GPU Mode\n"
      "   - {}\n"
      "   - {}\n"
      "   - Remedy: drop --data-gpu and --model-gpu (single-GPU mode, or the CPU where there is none),\n"
      "     or give numbers of GPUs that exist.",
      what_was_asked(request), what_is_there(gpus)));
}

const GpuInfo& strongest(const std::vector<GpuInfo>& gpus) {
  const auto strength = [](const GpuInfo& gpu) {
    return std::tuple(std::int64_t{gpu.multiprocessors} * gpu.clock_khz, gpu.memory_bytes);
  };
  return *std::max_element(gpus.begin(), gpus.end(),
                           [&](const GpuInfo& a, const GpuInfo& b) { return strength(a) < strength(b); });
}

}  // namespace

DeviceChoice select_devices(const DeviceRequest& request, const std::vector<GpuInfo>& gpus) {
  check_ordinal(request.data_gpu, request, gpus);
  check_ordinal(request.model_gpu, request, gpus);
  if (request.device == "cuda" && gpus.empty()) {
    throw DeviceError("--device cuda: " + what_is_there(gpus) + " Use --device cpu, or auto.");
  }
  DeviceChoice choice{Device::cpu(), Device::cpu()};
  if (request.device == "cpu" || gpus.empty()) return choice;
  choice.model = Device::cuda(request.model_gpu ? *request.model_gpu : strongest(gpus).ordinal);
  if (request.data_gpu) choice.data = Device::cuda(*request.data_gpu);
  return choice;
}

}  // namespace feedline

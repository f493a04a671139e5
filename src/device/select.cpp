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

[[noreturn]] void refuse(const std::string& why, const DeviceRequest& request,
                         const std::vector<GpuInfo>& gpus) {
  throw DeviceError(fmt::format(
      "{}\n"
      "Insufficient GPUs for Multi-GPU Mode\n"
      "   - {}\n"
      "   - {}\n"
      "   - Remedy: drop --data-gpu and --model-gpu (single-GPU mode, or the CPU where there is none),\n"
      "     or give numbers of GPUs that exist.",
      why, what_was_asked(request), what_is_there(gpus)));
}

/// Returns the GPU of the requested number, or null if none is requested.
const GpuInfo* find(const std::optional<int>& ordinal, const DeviceRequest& request,
                    const std::vector<GpuInfo>& gpus) {
  if (!ordinal) return nullptr;
  for (const GpuInfo& gpu : gpus) {
    if (gpu.ordinal == *ordinal) return &gpu;
  }
  refuse("There is no such GPU.", request, gpus);
}

/// Rates a GPU for the model; of equal GPUs the one that is farther from the data's disk is better.
auto worth(const GpuInfo& gpu, int storage_numa_node) {
  const bool near = gpu.numa_node != kNoNumaNode && gpu.numa_node == storage_numa_node;
  return std::tuple(std::int64_t{gpu.multiprocessors} * gpu.clock_khz, gpu.memory_bytes, !near);
}

/// Sorts GPUs by their worth, the least first. GPUs of equal worth are in reverse order of their numbers, so
/// that the first of them trains.
std::vector<const GpuInfo*> by_worth(const std::vector<GpuInfo>& gpus, const GpuInfo* without, int storage) {
  std::vector<const GpuInfo*> sorted;
  for (const GpuInfo& gpu : gpus) {
    if (without == nullptr || gpu.uuid != without->uuid) sorted.insert(sorted.begin(), &gpu);
  }
  std::ranges::stable_sort(sorted, {}, [&](const GpuInfo* gpu) { return worth(*gpu, storage); });
  return sorted;
}

/// Returns whether a launcher has given each of the two ranks its own GPU.
bool one_each(const DeviceRequest& request) {
  return !request.one_rank && request.data_gpus.size() == 1 && request.model_gpus.size() == 1 &&
         request.data_gpus[0].uuid != request.model_gpus[0].uuid;
}

const GpuInfo* pick_model(const DeviceRequest& request, const GpuInfo* data) {
  if (const GpuInfo* asked = find(request.model_gpu, request, request.model_gpus)) return asked;
  auto gpus = by_worth(request.model_gpus, data, request.storage_numa_node);
  if (gpus.empty()) gpus = by_worth(request.model_gpus, nullptr, request.storage_numa_node);
  return gpus.back();
}

/// Returns the GPU that prepares data; null for the CPU.
const GpuInfo* pick_data(const DeviceRequest& request, const GpuInfo& model) {
  if (!request.gpu_to_gpu) return nullptr;
  const auto gpus =
      by_worth(request.data_gpus, request.share_gpu ? nullptr : &model, request.storage_numa_node);
  return gpus.empty() ? nullptr : gpus.front();
}

Device device_of(const GpuInfo* gpu) {
  return gpu != nullptr ? Device::cuda(gpu->ordinal) : Device::cpu();
}

}  // namespace

DeviceChoice select_devices(const DeviceRequest& request) {
  if (request.device == DevicePreference::kCpu) return {};
  if (request.device == DevicePreference::kCuda && request.model_gpus.empty()) {
    throw DeviceError("--device cuda: " + what_is_there(request.model_gpus) + " Use --device cpu, or auto.");
  }
  if (one_each(request))
    return {request.gpu_to_gpu ? device_of(&request.data_gpus[0]) : Device::cpu(),
            device_of(&request.model_gpus[0])};
  const GpuInfo* data = find(request.data_gpu, request, request.data_gpus);
  find(request.model_gpu, request, request.model_gpus);
  if (request.model_gpus.empty()) return {};
  const GpuInfo* model = pick_model(request, data);
  if (request.one_rank) return {Device::cpu(), device_of(model)};
  if (data != nullptr && data->uuid == model->uuid && !request.share_gpu)
    refuse("One GPU cannot have both roles.", request, request.data_gpus);
  return {device_of(data != nullptr ? data : pick_data(request, *model)), device_of(model)};
}

}  // namespace feedline

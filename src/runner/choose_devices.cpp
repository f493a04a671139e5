#include "choose_devices.hpp"

#include <feedline/comm/device_link.hpp>
#include <feedline/common/numa.hpp>

#include <algorithm>

namespace feedline {
namespace {

const GpuInfo* find(const Device& device, const std::vector<GpuInfo>& gpus) {
  const auto at = std::ranges::find(gpus, device.ordinal, &GpuInfo::ordinal);
  return device.is_cuda() && at != gpus.end() ? &*at : nullptr;
}

}  // namespace

DeviceChoice choose_devices(const Options& options, const SeenGpus& seen) {
  const bool asked = options.device == "cuda" || options.data_gpu || options.model_gpu;
  DeviceRequest request;
  request.device = options.device;
  request.data_gpu = options.data_gpu;
  request.model_gpu = options.model_gpu;
  request.share_gpu = options.share_gpu;
  request.gpu_to_gpu = built_with_nccl() && (options.transport == "auto" || options.transport == "nccl");
  request.storage_numa_node = numa_node_of_storage(options.data.train_data);
  request.one_rank = seen.one_rank;
  if (asked || seen.model_trains) {  // a GPU that torch cannot train on is none, unless asked for
    request.data_gpus = seen.data;
    request.model_gpus = seen.model;
  }
  return select_devices(request);
}

const GpuInfo* shared_gpu(const DeviceChoice& choice, const SeenGpus& seen) {
  const GpuInfo* data = find(choice.data, seen.data);
  const GpuInfo* model = find(choice.model, seen.model);
  return data != nullptr && model != nullptr && data->uuid == model->uuid ? data : nullptr;
}

}  // namespace feedline

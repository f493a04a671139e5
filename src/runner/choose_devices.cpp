#include "choose_devices.hpp"

#include <feedline/comm/device_link.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/numa.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/device/stand_in.hpp>

#include <algorithm>

namespace feedline {
namespace {

const GpuInfo* find(const Device& device, const std::vector<GpuInfo>& gpus) {
  const auto at = std::ranges::find(gpus, device.ordinal, &GpuInfo::ordinal);
  return device.is_cuda() && at != gpus.end() ? &*at : nullptr;
}

void check_stand_ins(const DeviceChoice& choice, const Options& options) {
  if (stand_in_gpus() == 0 || !choice.model.is_cuda()) return;
  if (!options.train.synthetic_step_ms)
    throw UsageError(
        "No model can be trained on what FEEDLINE_STAND_IN_GPUS makes: give --synthetic-step-ms as well.");
  log_warning(
      "FEEDLINE_STAND_IN_GPUS is set: what is called a GPU here is threads and plain memory, for tests.");
}

}  // namespace

bool may_go_by_gpus(const Options& options) {
  return !options.transport || *options.transport == TransportKind::kNccl;
}

DeviceChoice choose_devices(const Options& options, const SeenGpus& seen) {
  const bool asked = options.device == DevicePreference::kCuda || options.data_gpu || options.model_gpu;
  DeviceRequest request;
  request.device = options.device;
  request.data_gpu = options.data_gpu;
  request.model_gpu = options.model_gpu;
  request.share_gpu = options.share_gpu;
  request.gpu_to_gpu = seen.one_data_rank && links_devices() && may_go_by_gpus(options);
  request.storage_numa_node = numa_node_of_storage(options.data.train_data);
  request.one_rank = seen.one_rank;
  if (asked || seen.model_trains) {  // a GPU that torch cannot train on is none, unless asked for
    request.data_gpus = seen.data;
    request.model_gpus = seen.model;
  }
  const DeviceChoice choice = select_devices(request);
  check_stand_ins(choice, options);
  return choice;
}

TrainSettings train_settings_here(const Options& options) {
  TrainSettings train(options.train);
  const std::vector<GpuInfo> gpus = list_gpus();
  train.device = choose_devices(options, {gpus, gpus, cuda_training_available()}).model.name();
  train.train_threads = options.train_threads.value_or(usable_cores());
  return train;
}

const GpuInfo* shared_gpu(const DeviceChoice& choice, const SeenGpus& seen) {
  const GpuInfo* data = find(choice.data, seen.data);
  const GpuInfo* model = find(choice.model, seen.model);
  return data != nullptr && model != nullptr && data->uuid == model->uuid ? data : nullptr;
}

}  // namespace feedline

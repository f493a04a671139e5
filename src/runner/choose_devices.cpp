#include "choose_devices.hpp"

#include <feedline/comm/device_link.hpp>
#include <feedline/common/numa.hpp>
#include <feedline/engine/learner.hpp>

namespace feedline {

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
  if (asked || cuda_training_available()) {  // a GPU that torch cannot train on is none, unless asked for
    request.data_gpus = seen.data;
    request.model_gpus = seen.model;
  }
  return select_devices(request);
}

}  // namespace feedline

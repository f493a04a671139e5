#pragma once

#include <feedline/config/options.hpp>
#include <feedline/device/select.hpp>

#include <vector>

namespace feedline {

/// What each rank with a role sees; the same for one rank.
struct SeenGpus {
  std::vector<GpuInfo> data, model;
  bool model_trains = true;  ///< the program of the rank that trains can use its GPUs
  bool one_rank = true;
  bool one_data_rank = true;  ///< several prepare data on the CPU only
};

/// Whether the flags let batches go from one GPU to another, where each role has one.
bool may_go_by_gpus(const Options& options);

/// The devices that the flags and this machine lead to, see select_devices(). Throws DeviceError;
/// UsageError for a model that is to be trained on a stand-in.
DeviceChoice choose_devices(const Options& options, const SeenGpus& seen);

/// The GPU that has both roles, as the data rank sees it; null: none has.
const GpuInfo* shared_gpu(const DeviceChoice& choice, const SeenGpus& seen);

}  // namespace feedline

#pragma once

#include <feedline/config/options.hpp>
#include <feedline/device/select.hpp>

#include <vector>

namespace feedline {

/// The GPUs that each rank with a role sees. A single rank has the same GPUs in both lists.
struct SeenGpus {
  std::vector<GpuInfo> data, model;
  bool model_trains = true;  ///< Whether the program of the model rank can use its GPUs
  bool one_rank = true;
  bool one_data_rank = true;  ///< Whether there is one data rank; several prepare data on the CPU only
};

/// Returns whether the flags let batches go from one GPU to another, if each role has one.
bool may_go_by_gpus(const Options& options);

/// Chooses the devices by the flags and the GPUs of this machine, see select_devices(). Throws DeviceError,
/// and UsageError for a model that is to be trained on a stand-in.
DeviceChoice choose_devices(const Options& options, const SeenGpus& seen);

/// Returns the options of training in this process, without other ranks: with a device of this machine, and
/// as many threads as it has cores, unless the flags name others. Throws as choose_devices().
TrainSettings train_settings_here(const Options& options);

/// Returns the GPU that has both roles, as the data rank sees it, or null if no GPU has both.
const GpuInfo* shared_gpu(const DeviceChoice& choice, const SeenGpus& seen);

}  // namespace feedline

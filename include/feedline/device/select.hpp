#pragma once

#include <feedline/device/device.hpp>

#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Where the user wants training to run.
enum class DevicePreference { kAuto, kCpu, kCuda };

/// The devices that the user requests, and the GPUs to choose from.
struct DeviceRequest {
  DevicePreference device = DevicePreference::kAuto;
  std::optional<int> data_gpu;
  std::optional<int> model_gpu;
  bool share_gpu = false;               ///< Whether both roles may have the same GPU
  bool gpu_to_gpu = true;               ///< Whether batches may go from one GPU to another
  int storage_numa_node = kNoNumaNode;  ///< NUMA node of the disk that holds the data

  std::vector<GpuInfo> data_gpus;   ///< GPUs that the data rank sees
  std::vector<GpuInfo> model_gpus;  ///< GPUs that the model rank sees
  bool one_rank = true;             ///< Whether one rank has both roles
};

/// The devices of the two roles, each with the ordinal that its own rank uses.
struct DeviceChoice {
  Device data;
  Device model;
};

/// Selects the devices; without GPUs both are the CPU. The model gets `model_gpu`, or the strongest GPU
/// (multiprocessors x clock, then memory). Data gets `data_gpu`, or with two ranks the weakest of the other
/// GPUs, and among equal ones the one nearer to the data's disk. Data gets the CPU when there is no other GPU
/// and with one rank. Where a launcher shows each rank one GPU of its own, the rank gets that GPU, whatever
/// its ordinal.
///
/// Throws DeviceError when a requested device is missing or both roles would share one. The message has the
/// line "Insufficient GPUs for Multi-GPU Mode" and lists the existing GPUs and the remedies.
DeviceChoice select_devices(const DeviceRequest& request);

}  // namespace feedline

#pragma once

#include <feedline/device/device.hpp>

#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Where training shall run.
enum class DevicePreference { kAuto, kCpu, kCuda };

/// What the user asked for, and what there is to choose from.
struct DeviceRequest {
  DevicePreference device = DevicePreference::kAuto;
  std::optional<int> data_gpu;
  std::optional<int> model_gpu;
  bool share_gpu = false;               ///< both roles may have the same GPU
  bool gpu_to_gpu = true;               ///< batches may go from one GPU to another
  int storage_numa_node = kNoNumaNode;  ///< of the disk with the data

  std::vector<GpuInfo> data_gpus;   ///< that the data rank sees
  std::vector<GpuInfo> model_gpus;  ///< that the rank that trains sees
  bool one_rank = true;             ///< it has both roles
};

/// Devices of the two roles, each as its rank counts them.
struct DeviceChoice {
  Device data;
  Device model;
};

/// Picks the devices: CPU without GPUs. The model gets `model_gpu`, or the strongest (multiprocessors x
/// clock, then memory). Data gets `data_gpu`, or with two ranks the weakest of the others; among equal ones
/// the one nearer to the data's disk; the CPU where there is no other, and with one rank. Where a launcher
/// shows each rank one GPU of its own, it is that one, whatever its number.
///
/// Throws DeviceError when an asked-for device is not there, or both roles would share one: the message has
/// the line "Insufficient GPUs for Multi-GPU Mode" and lists what is there and the remedies.
DeviceChoice select_devices(const DeviceRequest& request);

}  // namespace feedline

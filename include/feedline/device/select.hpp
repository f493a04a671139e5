#pragma once

#include <feedline/device/device.hpp>

#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// What the user asked for.
struct DeviceRequest {
  std::string device = "auto";  ///< auto, cpu, cuda
  std::optional<int> data_gpu;
  std::optional<int> model_gpu;
};

/// Devices of the two roles.
struct DeviceChoice {
  Device data;
  Device model;
};

/// Picks the devices: CPU without GPUs; else the model gets `model_gpu`, or the strongest (multiprocessors x
/// clock, then memory), and data its `data_gpu`. Throws DeviceError when an asked-for device is not there:
/// the message has the line "Insufficient GPUs for Multi-GPU Mode" and lists what is there and the remedies.
DeviceChoice select_devices(const DeviceRequest& request, const std::vector<GpuInfo>& gpus);

}  // namespace feedline

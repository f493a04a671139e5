#pragma once

#include <feedline/device/device_runtime.hpp>

#include <memory>
#include <vector>

namespace feedline {

/// The CUDA parts of list_gpus() and open_device().
std::vector<GpuInfo> list_cuda_gpus();
std::shared_ptr<DeviceRuntime> open_cuda_device(Device device, int rank);

}  // namespace feedline

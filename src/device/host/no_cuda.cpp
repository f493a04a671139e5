#include "../cuda_backend.hpp"

#include <feedline/common/errors.hpp>

namespace feedline {

std::vector<GpuInfo> list_cuda_gpus() {
  return {};
}

std::shared_ptr<DeviceRuntime> open_cuda_device(Device device, int) {
  throw DeviceError("This build has no CUDA, so it cannot use " + device.name() + ".");
}

bool built_with_cuda() noexcept {
  return false;
}

}  // namespace feedline

#include <feedline/common/errors.hpp>
#include <feedline/device/host_runtime.hpp>

namespace feedline {

std::shared_ptr<DeviceRuntime> open_device(Device device, int) {
  if (device.is_cuda()) throw DeviceError("This build has no CUDA, so it cannot use " + device.name() + ".");
  return std::make_shared<HostRuntime>();
}

}  // namespace feedline

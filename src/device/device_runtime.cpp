#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/device/device_runtime.hpp>

namespace feedline {

void wait_until_idle(Stream& stream) noexcept {
  try {
    stream.wait();
  } catch (const DeviceError&) {  // the next caller that enqueues work gets the error
  }
}

std::unique_ptr<DeviceMemory> pin_if_possible(DeviceRuntime& device, std::span<std::byte> host) {
  try {
    return device.pin(host);
  } catch (const DeviceError& error) {
    log_warning(std::string(error.what()) + " Copies to the GPU will be slower.");
    return nullptr;
  }
}

}  // namespace feedline

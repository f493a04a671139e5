#include "host_log_mel.hpp"

#include <feedline/common/errors.hpp>

namespace feedline {

std::unique_ptr<DeviceLogMel> make_device_log_mel(const MelSpec& spec, const WaveRoom& room,
                                                  DeviceRuntime& device, int) {
  ensure(!device.device().is_cuda(), "a GPU in a build without CUDA");
  return std::make_unique<HostLogMel>(spec, room);
}

}  // namespace feedline

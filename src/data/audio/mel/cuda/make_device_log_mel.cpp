#include "audio/mel/host/host_log_mel.hpp"
#include "cuda_log_mel.hpp"

namespace feedline {

std::unique_ptr<DeviceLogMel> make_device_log_mel(const MelSpec& spec, const WaveRoom& room,
                                                  DeviceRuntime& device, int rank) {
  if (device.device().is_cuda()) return std::make_unique<CudaLogMel>(spec, room, device, rank);
  return std::make_unique<HostLogMel>(spec, room);
}

}  // namespace feedline

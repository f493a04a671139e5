#include "device_links.hpp"

#include <feedline/device/stand_in.hpp>

namespace feedline {

std::string new_link_id(const DeviceRuntime& device) {
  return device.device().is_cuda() ? new_nccl_id() : new_socket_id();
}

std::shared_ptr<DeviceLink> open_link(const LinkRequest& request, DeviceRuntime& device) {
  return device.device().is_cuda() ? open_nccl_link(request, device) : open_socket_link(request);
}

bool links_devices() {
  return built_with_nccl() || stand_in_gpus() > 0;
}

}  // namespace feedline

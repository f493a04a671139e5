#pragma once

#include <feedline/comm/device_link.hpp>

#include <memory>
#include <string>

namespace feedline {

/// The two kinds of links that new_link_id() and open_link() choose from.
std::string new_nccl_id();
std::shared_ptr<DeviceLink> open_nccl_link(const LinkRequest& request, DeviceRuntime& device);
bool built_with_nccl() noexcept;

std::string new_socket_id();
std::shared_ptr<DeviceLink> open_socket_link(const LinkRequest& request);

}  // namespace feedline

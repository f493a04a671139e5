#pragma once

#include <cstddef>
#include <span>

namespace feedline {

/// Sends `message` over a Unix socket in one packet, together with two descriptors, which stay open here
/// (SCM_RIGHTS, see unix(7)). Returns false when it cannot be sent whole; errno says why.
bool send_descriptors(int socket, std::span<const std::byte> message, int first, int second) noexcept;

}  // namespace feedline

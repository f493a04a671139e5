#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <span>

namespace feedline {

/// Sends all bytes over a connected stream socket. Returns false when the other end is gone. Blocks.
inline bool send_all(int socket, std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const auto count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

/// Receives bytes until `bytes` is full. Returns false when the other end is gone. Blocks.
inline bool receive_all(int socket, std::span<std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const auto count = ::recv(socket, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace feedline

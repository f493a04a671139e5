#include <feedline/common/send_descriptors.hpp>

#include <sys/socket.h>

#include <array>
#include <cstring>

namespace feedline {

bool send_descriptors(int socket, std::span<const std::byte> message, int first, int second) noexcept {
  const std::array<int, 2> descriptors = {first, second};
  iovec content{const_cast<std::byte*>(message.data()), message.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof descriptors)> room{};
  msghdr packet{};
  packet.msg_iov = &content;
  packet.msg_iovlen = 1;
  packet.msg_control = room.data();
  packet.msg_controllen = room.size();
  cmsghdr* header = CMSG_FIRSTHDR(&packet);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof descriptors);
  std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof descriptors);
  return sendmsg(socket, &packet, MSG_NOSIGNAL) == static_cast<ssize_t>(message.size());
}

}  // namespace feedline

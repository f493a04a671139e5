#include "client_socket.hpp"

#include <feedline/common/send_descriptors.hpp>
#include <feedline/transport/memory_file.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <vector>

namespace feedline {
namespace {

/// Messages of clients are short.
constexpr std::size_t kMostRequest = 64 << 10;
/// Longer messages of a failure are cut: a packet must fit into the socket's buffer.
constexpr std::size_t kMostMessage = 32 << 10;

struct [[gnu::packed]] BatchMessage {
  char kind = 'B';
  std::array<char, 3> padding{};
  std::uint32_t slot;
  std::uint64_t number;
  std::uint32_t epoch, batch, count, bucket, flags;
};
static_assert(sizeof(BatchMessage) == 36);

struct [[gnu::packed]] InfoMessage {
  char kind = 'I';
  std::uint64_t bytes;
};

/// T and R.
struct SlotMessage {
  char kind;
  std::array<char, 3> padding;
  std::uint32_t slot;
  std::uint64_t number;
};
static_assert(sizeof(SlotMessage) == 16);

[[noreturn]] void lost(const char* what) {
  throw PeerError(fmt::format("The client of this server is gone ({}: {}).", what, std::strerror(errno)));
}

ClientRequest request_of(const std::vector<char>& bytes) {
  switch (bytes.front()) {
    case 'O':
      return OpenRequest{{bytes.begin() + 1, bytes.end()}};
    case 'T':
    case 'R': {
      SlotMessage message{};
      if (bytes.size() != sizeof message) break;
      std::memcpy(&message, bytes.data(), sizeof message);
      if (message.kind == 'T') return TakeRequest{message.slot, message.number};
      return ReleaseRequest{message.slot, message.number};
    }
    case 'S':
      return StatsRequest{};
    case 'Q':
      return QuitRequest{};
    default:
      break;
  }
  throw PeerError(
      fmt::format("The client sent a message that this version does not know (kind {}, {} bytes). Install "
                  "the Python module "
                  "and the program from one version.",
                  static_cast<int>(bytes.front()), bytes.size()));
}

}  // namespace

ClientSocket::ClientSocket(int descriptor) {
  int type = 0;
  socklen_t length = sizeof type;
  if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) != 0 || type != SOCK_SEQPACKET)
    throw UsageError(fmt::format(
        "--socket-fd {}: that descriptor is no socket of a client. `feedline serve` is started by the Python "
        "module.",
        descriptor));
  fd_ = UniqueFd(descriptor);
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

ClientRequest ClientSocket::receive() {
  std::vector<char> bytes(kMostRequest);
  ssize_t got = 0;
  do {
    got = recv(fd_.get(), bytes.data(), bytes.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return QuitRequest{};
  bytes.resize(static_cast<std::size_t>(got));
  return request_of(bytes);
}

void ClientSocket::send_bytes(const void* bytes, std::size_t size) const {
  ssize_t sent = 0;
  do {
    sent = send(fd_.get(), bytes, size, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent != static_cast<ssize_t>(size)) lost("sending");
}

void ClientSocket::send_text(char kind, std::string_view text) const {
  std::string bytes(1, kind);
  bytes += text;
  send_bytes(bytes.data(), bytes.size());
}

void ClientSocket::send_info(std::string_view json, int slots) const {
  const UniqueFd text = make_memory_file("feedline-info", json.size());
  if (pwrite(text.get(), json.data(), json.size(), 0) != static_cast<ssize_t>(json.size()))
    throw_errno("Cannot write the description of the stream");
  const std::array info = {InfoMessage{.bytes = json.size()}};
  if (!send_descriptors(fd_.get(), std::as_bytes(std::span(info)), text.get(), slots)) lost("sending");
}

void ClientSocket::send_batch(std::uint32_t slot, std::uint64_t number, const SlotHeader& batch) const {
  const BatchMessage message{.slot = slot,
                             .number = number,
                             .epoch = batch.epoch,
                             .batch = batch.batch,
                             .count = batch.count,
                             .bucket = batch.bucket,
                             .flags = batch.last_of_split};
  send_bytes(&message, sizeof message);
}

void ClientSocket::send_end() const {
  send_text('E', {});
}

void ClientSocket::send_failure(ExitCode code, const std::string& message) const {
  const nlohmann::json json = {{"code", static_cast<int>(code)},
                               {"message", message.substr(0, kMostMessage)}};
  send_text('F', json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void ClientSocket::send_stats(const std::string& json) const {
  const std::string bytes = 'S' + json;
  if (send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN)
    lost("sending");
}

}  // namespace feedline

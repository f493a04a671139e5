#include "decode_wire.hpp"

#include <feedline/batch/sample_spans.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/data/isolation.hpp>
#include <feedline/data/sample_error.hpp>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <optional>
#include <string>

namespace feedline {
namespace {

using Fds = std::array<int, 2>;

/// The socket and the memory of a decoder that is to be made; nothing when nobody asks any more.
std::optional<Fds> receive_fds() {
  char byte = 0;
  iovec content{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(Fds))> room{};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  ssize_t got = 0;
  do {
    got = recvmsg(kDecodeServerFd, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  const cmsghdr* header = got > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return std::nullopt;
  Fds fds{};
  std::memcpy(fds.data(), CMSG_DATA(header), sizeof fds);
  return fds;
}

template <std::size_t Size>
void copy_text(const std::string& text, std::array<char, Size>& place) {
  std::copy_n(text.begin(), std::min(text.size(), Size - 1), place.begin());
}

DecodeReply failed_reply(ExitCode code, const std::string& what) {
  DecodeReply reply;
  reply.kind = DecodeReply::kFailed;
  reply.code = static_cast<std::int32_t>(code);
  copy_text(what, reply.reason);
  return reply;
}

DecodeReply bad_reply(DecodeReply::Kind kind, const SampleError& error) {
  DecodeReply reply;
  reply.kind = kind;
  copy_text(error.path(), reply.path);
  copy_text(error.reason(), reply.reason);
  return reply;
}

DecodeReply decode(const Dataset& set, const DecodeRequest& request, SampleView spans) {
  try {
    set.load({request.seed, request.epoch, request.id}, spans);
  } catch (const StorageError& error) {
    return bad_reply(DecodeReply::kBadStorage, error);
  } catch (const SampleError& error) {
    return bad_reply(DecodeReply::kBadSample, error);
  } catch (const Error& error) {
    return failed_reply(error.code(), error.what());
  } catch (const std::exception& error) {
    return failed_reply(ExitCode::kInternal, error.what());
  }
  DecodeReply reply;
  reply.kind = DecodeReply::kDone;
  return reply;
}

/// Tensor after tensor, each with the room that is asked for.
SampleSpans spans_in(std::span<std::byte> memory, const DecodeRequest& request) {
  SampleSpans spans;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    spans[i] = memory.first(request.bytes[i]);
    memory = memory.subspan(request.bytes[i]);
  }
  return spans;
}

/// One decoder's whole life.
void serve(const DataSplits& data, int socket, int memory_fd) {
  const auto& tensors = data.train->tensors();
  const Mapping memory = Mapping::shared(memory_fd, sample_bytes(tensors));
  DecodeReply reply;
  reply.pid = getpid();
  DecodeRequest request;
  while (send(socket, &reply, sizeof reply, MSG_NOSIGNAL) == sizeof reply &&
         recv(socket, &request, sizeof request, 0) == sizeof request) {
    const SampleSpans spans = spans_in(memory.bytes(), request);
    reply =
        decode(request.val != 0 ? *data.val : *data.train, request, std::span(spans).first(tensors.size()));
  }
}

/// Signals that ask for a stop are for those who train; this process ends with its parent.
void leave_signals_to_others() {
  for (const int number : {SIGTERM, SIGUSR1, SIGINT}) signal(number, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

}  // namespace

void serve_decoders(const DataSplits& data) {
  leave_signals_to_others();
  signal(SIGCHLD, SIG_IGN);  // nobody waits for decoders
  while (const auto fds = receive_fds()) {
    const pid_t pid = fork();
    if (pid == 0) {
      leave_signals_to_others();
      close(kDecodeServerFd);
      serve(data, (*fds)[0], (*fds)[1]);
      _exit(0);
    }
    for (const int fd : *fds) close(fd);
    if (pid < 0) return;
  }
}

}  // namespace feedline

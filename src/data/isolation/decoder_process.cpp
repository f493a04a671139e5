#include "decoder_process.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/send_descriptors.hpp>
#include <feedline/data/isolation.hpp>

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace feedline {
namespace {

constexpr double kOpenTimeout = 600;  // the first decoder waits until its server has opened the data

[[noreturn]] void fail(const std::string& what) {
  throw DataError("--isolate-decoders: " + what + ". Run without it.");
}

std::array<UniqueFd, 2> socket_pair() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    fail(std::string("cannot make a socket (") + std::strerror(errno) + ")");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

UniqueFd make_memory(std::size_t bytes) {
  UniqueFd fd(memfd_create("feedline-sample", MFD_CLOEXEC));
  if (!fd || ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0)
    fail(std::string("cannot make shared memory (") + std::strerror(errno) + ")");
  return fd;
}

/// Waits for an answer; nothing when there is none, or the other end is gone.
std::optional<DecodeReply> receive(int socket, double timeout) {
  pollfd waited{socket, POLLIN, 0};
  int ready = 0;
  do {
    ready = poll(&waited, 1, static_cast<int>(timeout * 1e3));
  } while (ready < 0 && errno == EINTR);
  DecodeReply reply;
  if (ready <= 0 || recv(socket, &reply, sizeof reply, 0) != sizeof reply) return std::nullopt;
  return reply;
}

}  // namespace

std::optional<DecodeReply> DecoderProcess::ask(const DecodeRequest& request, double timeout) {
  if (send(socket_.get(), &request, sizeof request, MSG_NOSIGNAL) != sizeof request) return std::nullopt;
  return receive(socket_.get(), timeout);
}

void DecoderProcess::kill() noexcept {
  ::kill(pid_, SIGKILL);
}

DecoderHost::DecoderHost(std::vector<std::string> arguments, std::size_t sample_bytes)
    : sample_bytes_(sample_bytes) {
  auto [mine, theirs] = socket_pair();
  arguments.insert(arguments.begin(), "feedline");
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, theirs.get(), kDecodeServerFd);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, "/proc/self/exe", &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    fail(std::string("cannot start the process that decoders are made from (") + std::strerror(error) + ")");
  control_ = std::move(mine);
}

std::unique_ptr<DecoderProcess> DecoderHost::start() {
  auto [mine, theirs] = socket_pair();
  const UniqueFd memory = make_memory(sample_bytes_);
  const std::lock_guard lock(mutex_);
  constexpr std::array kNothing = {std::byte{0}};
  if (!send_descriptors(control_.get(), kNothing, theirs.get(), memory.get()))
    fail("the process that decoders are made from is gone");
  theirs.reset();
  const auto ready = receive(mine.get(), kOpenTimeout);
  if (!ready) fail("no decoder could be started; what stands above says why");
  return std::make_unique<DecoderProcess>(std::move(mine), Mapping::shared(memory.get(), sample_bytes_),
                                          ready->pid);
}

}  // namespace feedline

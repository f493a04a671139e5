#include "sources.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/common/stop.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace feedline::config {
namespace {

/// Far more than all flags take: a device like /dev/zero never ends.
constexpr std::size_t kMostBytes = 1 << 20;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
  throw UsageError(fmt::format("Cannot read the file of --config, {}: {}.", path.string(), reason));
}

/// Until there is something to read, or the end. A request to stop is answered here, for the signals are held
/// while flags are read.
void wait_for_text(int file, int held, double patience, const std::filesystem::path& path) {
  std::array<pollfd, 2> waits = {pollfd{file, POLLIN, 0}, pollfd{held, POLLIN, 0}};
  const Deadline deadline = Deadline::in(patience);
  while (!deadline.passed()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.at - Clock::now());
    const int ready = ::poll(waits.data(), waits.size(), static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) refuse(path, std::strerror(errno));
    if (ready <= 0) continue;
    if (waits[1].revents == 0) return;
    throw Error(ExitCode::kStopped,
                fmt::format("Stopped on request while the file of --config, {}, was read: nothing has been "
                            "done.",
                            path.string()));
  }
  refuse(path, fmt::format("it is a pipe or a device from which nothing has come for {:g} s. See to what "
                           "writes to it, or give a file",
                           patience));
}

}  // namespace

std::string read_config_text(const std::filesystem::path& path, double patience) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file) refuse(path, std::strerror(errno));
  struct stat status {};
  if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode)) refuse(path, "it is a folder");
  const UniqueFd held = held_stop_signals();
  std::string text;
  std::array<char, 4096> piece{};
  for (;;) {
    // Before the first read: of a pipe that nobody has opened for writing yet, read() says that it has ended.
    wait_for_text(file.get(), held.get(), patience, path);
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) refuse(path, std::strerror(errno));
    text.append(piece.data(), static_cast<std::size_t>(got));
    if (got == 0) return text;
    if (text.size() > kMostBytes) refuse(path, "it is larger than 1 MiB, which no list of flags is");
  }
}

}  // namespace feedline::config

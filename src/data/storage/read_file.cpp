#include "read_file.hpp"

#include "decode_error.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/common/thread_limits.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

namespace feedline {
namespace {

constexpr int kTries = 3;
constexpr std::chrono::milliseconds kPause{20};

/// A limit of the system is no fault of the file: such a failure must not pass for a bad sample.
[[noreturn]] void throw_system_error() {
  const int number = errno;
  const std::system_error error(number, std::generic_category());
  if (const auto limit = limit_reached(error); limit && number != EAGAIN) throw Error(*limit);
  throw error;
}

/// Whether another try can help: the storage failed, not the request.
bool may_pass(int error) {
  return error == EIO || error == ESTALE || error == ETIMEDOUT || error == EAGAIN || error == EINTR ||
         error == EREMOTEIO;
}

template <class Read>
auto with_retries(const Read& read) {
  for (int i = 1;; ++i) {
    try {
      return read();
    } catch (const std::system_error& error) {
      if (i == kTries || !may_pass(error.code().value())) throw;
    }
    std::this_thread::sleep_for(kPause * i);
  }
}

struct OpenFile {
  UniqueFd fd;
  std::size_t bytes = 0;
};

OpenFile open_file(int folder_fd, const char* name) {
  // Not to hang on a pipe that has a picture's name.
  UniqueFd fd(openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) throw_system_error();
  struct stat status {};
  if (fstat(fd.get(), &status) != 0) throw_system_error();
  if (!S_ISREG(status.st_mode)) throw DecodeError("it is no file");
  return {std::move(fd), static_cast<std::size_t>(status.st_size)};
}

/// Fills `into` by calls of `read(to, bytes done)`, as far as the file goes.
template <class Read>
std::span<const std::byte> fill(std::span<std::byte> into, const Read& read) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got = read(into.subspan(done), done);
    if (got < 0 && errno != EINTR) throw_system_error();
    if (got == 0) break;
    if (got > 0) done += static_cast<std::size_t>(got);
  }
  return into.first(done);
}

void advise(int folder_fd, const char* name, int advice) noexcept {
  const UniqueFd fd(openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd) posix_fadvise(fd.get(), 0, 0, advice);
}

}  // namespace

std::span<const std::byte> read_file(int folder_fd, const char* name, FileBuffer& buffer) {
  return with_retries([&] {
    const OpenFile file = open_file(folder_fd, name);
    return fill(buffer.room(file.bytes), [&](std::span<std::byte> to, std::size_t) {
      return ::read(file.fd.get(), to.data(), to.size());
    });
  });
}

FileRange read_file_range(int folder_fd, const char* name, std::uint64_t offset, std::span<std::byte> into) {
  return with_retries([&] {
    const OpenFile file = open_file(folder_fd, name);
    const std::uint64_t left = file.bytes > offset ? file.bytes - offset : 0;
    const auto there = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left)));
    const auto bytes = fill(there, [&](std::span<std::byte> to, std::size_t done) {
      return ::pread(file.fd.get(), to.data(), to.size(), static_cast<off_t>(offset + done));
    });
    return FileRange{bytes, file.bytes};
  });
}

void drop_from_page_cache(int folder_fd, const char* name) noexcept {
  advise(folder_fd, name, POSIX_FADV_DONTNEED);
}

void read_file_ahead(int folder_fd, const char* name) noexcept {
  advise(folder_fd, name, POSIX_FADV_WILLNEED);
}

}  // namespace feedline

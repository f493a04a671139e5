#include "file_buffer.hpp"

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
#include <new>
#include <system_error>
#include <thread>

namespace feedline {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kSmallest = std::size_t{1} << 20;
constexpr std::size_t kLargest = std::size_t{1} << 30;
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

void advise(int folder_fd, const char* name, int advice) noexcept {
  const UniqueFd fd(openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd) posix_fadvise(fd.get(), 0, 0, advice);
}

}  // namespace

std::span<const std::byte> FileBuffer::read(int folder_fd, const char* name) {
  for (int i = 1;; ++i) {
    try {
      return read_once(folder_fd, name);
    } catch (const std::system_error& error) {
      if (i == kTries || !may_pass(error.code().value())) throw;
    }
    std::this_thread::sleep_for(kPause * i);
  }
}

std::span<const std::byte> FileBuffer::read_once(int folder_fd, const char* name) {
  // Not to hang on a pipe that has a picture's name.
  const UniqueFd fd(openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) throw_system_error();
  struct stat status {};
  if (fstat(fd.get(), &status) != 0) throw_system_error();
  if (!S_ISREG(status.st_mode)) throw DecodeError("it is no file");
  const auto bytes = static_cast<std::size_t>(status.st_size);
  if (bytes > kLargest) throw DecodeError("it is larger than 1 GiB");
  grow(bytes);
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t got = ::read(fd.get(), memory_.get() + done, bytes - done);
    if (got < 0 && errno != EINTR) throw_system_error();
    if (got == 0) break;
    if (got > 0) done += static_cast<std::size_t>(got);
  }
  return {memory_.get(), done};
}

void FileBuffer::grow(std::size_t bytes) {
  if (memory_ && bytes <= capacity_) return;
  const std::size_t wanted = std::max(kSmallest, (bytes + bytes / 2 + kPage - 1) / kPage * kPage);
  memory_.reset();
  memory_.reset(static_cast<std::byte*>(std::aligned_alloc(kPage, wanted)));
  if (!memory_) throw std::bad_alloc();
  capacity_ = wanted;
}

void drop_from_page_cache(int folder_fd, const char* name) noexcept {
  advise(folder_fd, name, POSIX_FADV_DONTNEED);
}

void read_ahead(int folder_fd, const char* name) noexcept {
  advise(folder_fd, name, POSIX_FADV_WILLNEED);
}

}  // namespace feedline

#include "replace_file.hpp"

#include <feedline/common/posix.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace feedline {
namespace {

bool write_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return true;
}

/// Beyond the limit on file sizes the kernel does not return an error, it sends SIGXFSZ.
bool may_write(std::size_t bytes) {
  rlimit largest_file{};
  if (getrlimit(RLIMIT_FSIZE, &largest_file) != 0 || bytes <= largest_file.rlim_cur) return true;
  errno = EFBIG;
  return false;
}

}  // namespace

bool replace_file(const std::filesystem::path& file, std::span<const std::byte> bytes) {
  std::error_code ignored;  // the write tells
  std::filesystem::create_directories(file.parent_path(), ignored);
  // mkostemp opens with O_EXCL, which follows no link either, under a name that cannot be guessed.
  std::string temporary = file.string() + ".XXXXXX";
  const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return false;
  if (may_write(bytes.size()) && write_all(fd.get(), bytes) &&
      ::rename(temporary.c_str(), file.c_str()) == 0) {
    return true;
  }
  const int error_number = errno;
  ::unlink(temporary.c_str());
  errno = error_number;
  return false;
}

}  // namespace feedline

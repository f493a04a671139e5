#include <feedline/common/errors.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>
#include <feedline/transport/memory_file.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cstring>

namespace feedline {
namespace {

[[noreturn]] void refuse(std::size_t bytes, const char* why) {
  const MemoryRoom room = memory_room();
  throw UsageError(
      fmt::format("Cannot reserve {} of shared memory for the batch buffer ({}): {} are left, and {}. Use a "
                  "smaller --buffer-size, --buffer-bytes or --batch-size.",
                  format_bytes(bytes), why, format_bytes(room.bytes), room.limit));
}

}  // namespace

UniqueFd make_memory_file(const char* name, std::size_t bytes) {
  UniqueFd fd(memfd_create(name, MFD_CLOEXEC));
  if (!fd) throw_errno("Cannot make a memory file for the batch ring");
  // Beyond the limit on file sizes the kernel sends SIGXFSZ instead of returning an error.
  rlimit largest_file{};
  if (getrlimit(RLIMIT_FSIZE, &largest_file) == 0 && bytes > largest_file.rlim_cur) {
    refuse(bytes, "the limit on file sizes, ulimit -f, is lower");
  }
  if (const int error = posix_fallocate(fd.get(), 0, static_cast<off_t>(bytes)); error != 0)
    refuse(bytes, std::strerror(error));
  return fd;
}

Mapping map_memory_file(int fd, std::size_t bytes) {
  try {
    return Mapping::shared(fd, bytes);
  } catch (const InternalError& error) {
    refuse(bytes, error.what());
  }
}

}  // namespace feedline

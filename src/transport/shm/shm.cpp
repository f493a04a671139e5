#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>
#include <feedline/transport/shm.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace feedline {
namespace {

std::uint64_t random_token() {
  std::uint64_t token = 0;
  if (getrandom(&token, sizeof token, 0) != sizeof token) throw_errno("Cannot draw a random number");
  return token;
}

[[noreturn]] void refuse(std::size_t bytes, const char* why) {
  const MemoryRoom room = memory_room();
  throw UsageError(
      fmt::format("Cannot reserve {} of shared memory for the batch buffer ({}): {} are left, and {}. Use a "
                  "smaller --buffer-size, --buffer-bytes or --batch-size.",
                  format_bytes(bytes), why, format_bytes(room.bytes), room.limit));
}

UniqueFd make_memfd(std::size_t bytes) {
  UniqueFd fd(memfd_create("feedline-ring", MFD_CLOEXEC));
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

Mapping map_new(int fd, std::size_t bytes) {
  try {
    return Mapping::shared(fd, bytes);
  } catch (const InternalError& error) {
    refuse(bytes, error.what());
  }
}

}  // namespace

ShmRing::ShmRing(const BatchSpec& spec, std::size_t depth, RingOptions options)
    : fd_(make_memfd(SlotRing::bytes_needed(spec, depth))),
      address_{getpid(), fd_.get(), random_token()},
      ring_(SlotRing::create(map_new(fd_.get(), SlotRing::bytes_needed(spec, depth)), spec, depth,
                             address_.token, std::move(options))) {}

std::shared_ptr<SlotRing> open_shm_ring(const ShmAddress& address, const BatchSpec& spec, std::size_t depth,
                                        RingOptions options) {
  const std::string path = fmt::format("/proc/{}/fd/{}", address.pid, address.fd);
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  struct stat facts {};
  const std::size_t bytes = SlotRing::bytes_needed(spec, depth);
  if (!fd || fstat(fd.get(), &facts) != 0) {
    throw PeerError(
        fmt::format("Cannot open the batch ring of process {} ({}).", address.pid, std::strerror(errno)));
  }
  if (facts.st_size != static_cast<off_t>(bytes)) {
    throw PeerError(
        fmt::format("{} is not the batch ring of this run: {} bytes, not {}.", path, facts.st_size, bytes));
  }
  return SlotRing::attach(Mapping::shared(fd.get(), bytes), spec, depth, address.token, std::move(options));
}

}  // namespace feedline

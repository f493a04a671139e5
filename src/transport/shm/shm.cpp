#include <feedline/transport/memory_file.hpp>
#include <feedline/transport/shm.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
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

}  // namespace

ShmRing::ShmRing(const BatchSpec& spec, std::size_t depth, RingOptions options)
    : fd_(make_memory_file("feedline-ring", SlotRing::bytes_needed(spec, depth))),
      address_{getpid(), fd_.get(), random_token()},
      ring_(SlotRing::create(map_memory_file(fd_.get(), SlotRing::bytes_needed(spec, depth)), spec, depth,
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

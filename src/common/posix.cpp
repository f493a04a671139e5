#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace feedline {
namespace {

/// Describes the memory that is left and the limit that applies.
std::string what_is_left() {
  const MemoryRoom room = memory_room();
  return format_bytes(room.bytes) + " are left, and " +
         (room.limit.empty() ? "no limit is known" : room.limit);
}

}  // namespace

void FdTraits::close(Type fd) noexcept {
  ::close(fd);
}

void MappingTraits::close(Type mapping) noexcept {
  ::munmap(mapping.data, mapping.bytes);
}

Mapping Mapping::anonymous(std::size_t bytes) {
  void* data =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (data == MAP_FAILED) {
    throw UsageError("Cannot allocate " + format_bytes(bytes) + " for the batch buffer: " + what_is_left() +
                     ". Use a smaller --buffer-size, --buffer-bytes or --batch-size.");
  }
  return Mapping({static_cast<std::byte*>(data), bytes});
}

Mapping Mapping::reserved(std::size_t bytes) {
  void* data =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED) {
    throw UsageError("Cannot set aside " + format_bytes(bytes) + " for the cache: " + what_is_left() +
                     ". Use a smaller --cache-bytes.");
  }
  ::madvise(data, bytes,
            MADV_HUGEPAGE);  // fewer faults while it fills; if there are no huge pages, it works without them
  return Mapping({static_cast<std::byte*>(data), bytes});
}

Mapping Mapping::shared(int fd, std::size_t bytes) {
  void* data = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
  if (data == MAP_FAILED) throw_errno("Cannot map " + format_bytes(bytes) + " of shared memory");
  return Mapping({static_cast<std::byte*>(data), bytes});
}

}  // namespace feedline

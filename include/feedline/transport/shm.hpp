#pragma once

#include <feedline/transport/slot_ring.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace feedline {

/// The address by which another process of the same node finds a ring: a file descriptor of the process that
/// made it. The ring has no name in any file system, so nothing is left over however a process ends.
struct ShmAddress {
  int pid = 0;
  int fd = -1;
  std::uint64_t token = 0;
};

/// A ring in a memfd. The descriptor stays open until the receiver has opened it and `forget_fd` is called.
class ShmRing {
 public:
  /// Reserves all pages at once, so that a lack of memory is an error here and not a SIGBUS later. Throws
  /// UsageError when they cannot be allocated.
  ShmRing(const BatchSpec& spec, std::size_t depth, RingOptions options = {});

  const std::shared_ptr<SlotRing>& ring() const noexcept { return ring_; }
  ShmAddress address() const noexcept { return address_; }

  /// Closes the descriptor; the memory remains while it is mapped.
  void forget_fd() noexcept { fd_.reset(); }

 private:
  UniqueFd fd_;
  ShmAddress address_;
  std::shared_ptr<SlotRing> ring_;
};

/// Maps the ring at `address`. Throws PeerError when it cannot be opened (another node, another container) or
/// is a different ring.
std::shared_ptr<SlotRing> open_shm_ring(const ShmAddress& address, const BatchSpec& spec, std::size_t depth,
                                        RingOptions options = {});

}  // namespace feedline

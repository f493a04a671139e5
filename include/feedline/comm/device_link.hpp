#pragma once

#include <feedline/device/device_runtime.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace feedline {

/// Transfers blocks between the memories of two devices, each of one rank. Both ends must enqueue the same
/// transfers with the same sizes in the same order, which is the order of execution. One thread per end may
/// use it, except for `abort`.
///
/// After `send` or `receive` the link must be `ready` before more work is enqueued on it or on that stream.
/// The link need not notice the death of a peer; a caller that notices it must call `abort`.
class DeviceLink {
 public:
  virtual ~DeviceLink() = default;

  /// Enqueues a transfer on `stream`. Never blocks. Throws PeerError.
  virtual void send(std::span<const std::byte> block, Stream& stream) = 0;
  virtual void receive(std::span<std::byte> block, Stream& stream) = 0;

  /// Returns whether the last call, or the connecting itself, has been handed to the device. Never blocks.
  /// Throws PeerError when the link has failed.
  virtual bool ready() = 0;

  /// Ends all transfers at this end and makes the link unusable. May block, indefinitely where the device
  /// hangs.
  virtual void abort() noexcept = 0;
};

/// Identifies a link and one end of it. Both ends use the same `id` and `ctas`.
struct LinkRequest {
  std::string id;  ///< Result of `new_link_id` on one of the two ranks
  int end = 0;     ///< End of the link, 0 or 1
  int rank = 0;    ///< Rank of this end, for messages
  int ctas = 4;    ///< Most thread blocks of the GPU that transfers may use
};

/// Returns an id for a new link between devices of this kind. Throws DeviceError in a build without CUDA.
std::string new_link_id(const DeviceRuntime& device);

/// Begins to connect two devices: GPUs over NCCL, stand-ins of the same node over a socket. The link is
/// connected once it is `ready`. Throws DeviceError as `new_link_id` does.
std::shared_ptr<DeviceLink> open_link(const LinkRequest& request, DeviceRuntime& device);

/// Returns whether devices can be linked: this build has NCCL, or there are stand-ins.
bool links_devices();

/// Makes NCCL treat two ranks on one GPU as two nodes, since it refuses them otherwise. Their transfers then
/// use sockets, which is slow. Must run before the process first uses CUDA or NCCL, and before it has
/// threads.
void share_one_gpu(int rank);

}  // namespace feedline

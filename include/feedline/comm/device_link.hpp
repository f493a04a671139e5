#pragma once

#include <feedline/device/device_runtime.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace feedline {

/// A way for blocks between the memories of two devices, each of one rank. Both ends ask for the same
/// transfers, of the same sizes, in the same order; they are done in that order. One thread an end, but for
/// `abort`.
///
/// After `send` or `receive` the link must be `ready` before anything else is asked of it or of that stream.
/// A peer that dies need not be noticed: whoever does calls `abort`.
class DeviceLink {
 public:
  virtual ~DeviceLink() = default;

  /// Asks for a transfer, after what the stream was asked for before. Never blocks. Throws PeerError.
  virtual void send(std::span<const std::byte> block, Stream& stream) = 0;
  virtual void receive(std::span<std::byte> block, Stream& stream) = 0;

  /// Whether the last call, or the connecting itself, has been handed to the device. Never blocks. Throws
  /// PeerError when the link has failed.
  virtual bool ready() = 0;

  /// Ends all transfers, here; the link cannot be used any more. May block, for good where the device hangs.
  virtual void abort() noexcept = 0;
};

/// Which link, and which end of it: what both ends are told alike but for `end`.
struct LinkRequest {
  std::string id;  ///< of `new_link_id`, made by one of the two
  int end = 0;     ///< 0 or 1
  int rank = 0;    ///< for messages
  int ctas = 4;    ///< most thread blocks of the GPU that transfers may use
};

/// A name for a new link between devices of this kind, as text. Throws DeviceError in a build without CUDA.
std::string new_link_id(const DeviceRuntime& device);

/// Begins to connect: GPUs over NCCL, stand-ins of the same node over a socket. The link is connected when it
/// is `ready`. Throws DeviceError, as above.
std::shared_ptr<DeviceLink> open_link(const LinkRequest& request, DeviceRuntime& device);

/// Whether GPUs, or what stands in for them, can be linked: this build has NCCL, or there are stand-ins.
bool links_devices();

/// Has NCCL take two ranks on one GPU for two nodes: it refuses them otherwise. They talk over sockets, which
/// is slow. Before CUDA or NCCL is first used in this process, and before it has threads.
void share_one_gpu(int rank);

}  // namespace feedline

#pragma once

#include <feedline/comm/world.hpp>
#include <feedline/data/device_transform.hpp>
#include <feedline/device/device_runtime.hpp>
#include <feedline/metrics/trace.hpp>
#include <feedline/transport/channel_control.hpp>
#include <feedline/transport/transport_kind.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// The devices and settings that a channel from GPU to GPU needs.
struct ChannelGpus {
  bool both = false;                    ///< Both roles have a GPU; the same on all ranks
  std::shared_ptr<DeviceRuntime> mine;  ///< The GPU of this rank, where it has a role and a GPU
  Stream* uses = nullptr;  ///< The stream that uses the batches, on the model rank; must outlive the channel
  int ctas = 4;            ///< See LinkRequest
  std::shared_ptr<DeviceTransform> transform;  ///< Transform of a data rank whose GPU prepares batches
  TraceLane* copies = nullptr;                 ///< See NcclChannelOptions
  TraceLane* transfers = nullptr;
};

/// The two ends of a channel and the batches that cross it.
struct ChannelRequest {
  std::optional<TransportKind> transport{};  ///< std::nullopt: the best one that connects the two ranks
  int data_rank = 0;
  int model_rank = 0;  ///< May equal data_rank: both ends are then in one process
  BatchSpec spec;
  std::size_t depth = 1;  ///< Number of slots in the host ring

  /// Called on the model rank when the data rank has died: returns whether another sender takes its place, so
  /// that the receiver need not be notified. Empty: no sender does.
  std::function<bool(const std::string& message)> on_data_rank_loss{};

  ChannelGpus gpus{};
};

/// The ends of one channel that are in this process: one of them, both, or neither.
struct Channel {
  TransportKind transport = TransportKind::kLocal;
  std::shared_ptr<BatchSender> sender;
  std::shared_ptr<BatchReceiver> receiver;
  std::shared_ptr<ChannelControl> control;  ///< Control of the end; of both where both are in this process
};

/// Makes the ring on the data rank and opens it on the model rank. Unless a transport is requested, selects
/// NCCL when both have GPUs, shared memory when the two see each other's processes and it can be opened, else
/// MPI. From then on a peer's death wakes every thread that waits on the channel. Collective over all ranks,
/// including those at neither end. Blocks. Throws UsageError when the requested transport cannot connect
/// these ranks, or when the memory cannot be allocated.
Channel connect(World& world, const ChannelRequest& request);

}  // namespace feedline

#pragma once

#include <feedline/comm/world.hpp>
#include <feedline/data/device_transform.hpp>
#include <feedline/device/device_runtime.hpp>
#include <feedline/metrics/trace.hpp>
#include <feedline/transport/channel.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace feedline {

/// What a channel from GPU to GPU needs.
struct ChannelGpus {
  bool both = false;                    ///< both roles have one; the same on all ranks
  std::shared_ptr<DeviceRuntime> mine;  ///< of this rank, where it has a role and one
  Stream* uses = nullptr;  ///< what uses the batches, on the model rank; must outlive the channel
  int ctas = 4;            ///< see LinkRequest
  std::shared_ptr<DeviceTransform> transform;  ///< on the data rank, where its GPU prepares batches
  TraceLane* copies = nullptr;                 ///< see NcclChannelOptions
  TraceLane* transfers = nullptr;
};

/// Who is connected to whom, and what crosses.
struct ChannelRequest {
  std::string transport = "auto";  ///< auto, local, shm, mpi, nccl
  int data_rank = 0;
  int model_rank = 0;  ///< the same rank: both ends are in one process
  BatchSpec spec;
  std::size_t depth = 1;  ///< slots of the host ring

  /// Asked on the model rank when the data rank has died: whether somebody else takes its place, so that the
  /// receiver need not be told. None: nobody does.
  std::function<bool(const std::string& message)> on_data_rank_loss{};

  ChannelGpus gpus{};
};

/// The ends of one channel that are in this process: one of them, both, or none.
struct Channel {
  std::string transport;
  std::shared_ptr<BatchSender> sender;
  std::shared_ptr<BatchReceiver> receiver;
};

/// Makes the ring on the data rank and opens it on the model rank; `auto` takes NCCL when both have GPUs,
/// shared memory when the two see each other's processes and it can be opened, else MPI. From here on a
/// peer's death wakes whoever waits on the channel. Collective over all ranks, also those at neither end.
/// Blocks. Throws UsageError when the transport asked for cannot connect these ranks, or the memory cannot be
/// had.
Channel connect(World& world, const ChannelRequest& request);

}  // namespace feedline

#pragma once

#include "checkpoints.hpp"
#include "failover.hpp"
#include "run_plan.hpp"
#include "timeline.hpp"

#include <feedline/comm/world.hpp>
#include <feedline/common/fault_plan.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/device/device_runtime.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/transport/connect.hpp>

#include <memory>
#include <vector>

namespace feedline {

/// The part of the stream that one data rank prepares. It serves what concerns that rank alone: the watch
/// over it, and its failover. Whatever concerns the whole stream goes through Session::channel.
struct Feed {
  int data_rank = 0;
  BatchSchedule part;
  std::shared_ptr<Failover> failover;       ///< Failover of this part; not armed yet
  TransportTraits traits;                   ///< Properties of the channel of this part
  std::shared_ptr<ChannelControl> control;  ///< Control of this process's end of that channel
};

/// A run as this rank sees it: the plan that all ranks share, and the objects that are its own.
struct Session {
  RunPlan plan;
  const Timeline& timeline;
  TrainSettings train;  ///< Settings of training on this rank
  int own_workers = 1;  ///< Number of workers of this rank
  DataSplits data;      ///< Data sets, on ranks that prepare data
  FaultPlan faults;     ///< Faults made on purpose
  Checkpoints checkpoints;
  std::shared_ptr<DeviceRuntime> gpu{};  ///< GPU of this rank's role, if it has one
  /// Transform that the GPU applies to batches, on ranks that prepare data
  std::shared_ptr<DeviceTransform> transform{};
  std::unique_ptr<Stream> compute_stream{};  ///< The GPU's work for the model
  /// Feeds with an end on this rank: all of them on the model rank. They are destroyed before the stream.
  std::vector<Feed> feeds{};
  /// The whole stream as this rank sees it: the sender of its feed, or the receiver of the batches of all
  /// feeds, on its device where it has one. Batches, start, end and figures go through it.
  Channel channel{};
};

}  // namespace feedline

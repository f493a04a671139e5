#pragma once

#include "checkpoints.hpp"
#include "roles.hpp"
#include "take_over.hpp"
#include "timeline.hpp"

#include <feedline/comm/world.hpp>
#include <feedline/common/fault_plan.hpp>
#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/device/device_runtime.hpp>
#include <feedline/device/select.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/pipeline/buffer_plan.hpp>
#include <feedline/transport/connect.hpp>

#include <memory>
#include <vector>

namespace feedline {

/// The part of the stream that one data rank prepares.
struct Feed {
  int data_rank = 0;
  BatchSchedule part;
  std::shared_ptr<TakeOver> take_over;  ///< not armed
  Channel channel;                      ///< the end of it that is here
};

/// Everything that is decided before the first batch, the same on all ranks, and what this rank holds of it.
struct Session {
  Options options;  ///< with all that depended on the machine filled in
  Roles roles;
  const Timeline& timeline;
  DeviceChoice devices;
  DataInfo data_info;
  BatchSpec spec;
  BatchSchedule schedule;
  BufferPlan buffer;                ///< of all data ranks
  int workers = 1;                  ///< likewise
  int own_workers = 1;              ///< of this rank
  int cores = 1;                    ///< that the data side may use
  std::uint64_t cache_whole = 0;    ///< see DataSplits
  DataSplits data;                  ///< on ranks that prepare data
  std::unique_ptr<BadSamples> bad;  ///< likewise
  FaultPlan faults;                 ///< made on purpose
  Checkpoints checkpoints;
  std::shared_ptr<DeviceRuntime> gpu;          ///< of this rank's role, where it is one
  std::shared_ptr<DeviceTransform> transform;  ///< that it does to batches, on ranks that prepare data
  std::unique_ptr<Stream> training;            ///< what the GPU does for the model
  std::vector<Feed> feeds;  ///< with an end here: of the rank that trains all; they go before the stream
  Channel channel;          ///< the sender of this rank's feed, the receiver of all
};

/// Start-up in its order: agree on flags, roles and devices; open the data; size the buffer; connect.
/// Collective; blocks. Throws Error: the rank that failed its own, the others RemoteError. The timeline must
/// outlive the session.
Session start_up(World& world, const Options& options, Timeline& timeline);

}  // namespace feedline

#pragma once

#include "roles.hpp"

#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/device/select.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/pipeline/buffer_plan.hpp>

#include <cstdint>

namespace feedline {

/// Everything that is decided before the first batch, and is the same on all ranks.
struct RunPlan {
  Options options;
  Roles roles;
  DeviceChoice devices;
  DataInfo data_info;
  BatchSpec spec;
  BatchSchedule schedule;
  BufferPlan buffer;              ///< Buffer of all data ranks together
  int workers = 1;                ///< Number of workers of all data ranks
  int cores = 1;                  ///< Number of cores that the data side may use
  std::uint64_t cache_whole = 0;  ///< Bytes of all samples, decoded, see DataSplits
};

}  // namespace feedline

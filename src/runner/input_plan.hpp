#pragma once

#include "roles.hpp"

#include <feedline/comm/world.hpp>
#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/buffer_plan.hpp>

#include <cstdint>
#include <string>

namespace feedline {

/// The input plan that a data rank reports before a run can start, or the plan of all data ranks together.
struct InputPlan {
  DataInfo info;
  BufferPlan buffer;
  int workers = 1;      ///< Number of workers of all data ranks
  int own_workers = 1;  ///< Number of workers of this rank
  int cores = 1;
  std::uint64_t cache_whole = 0;
};

/// The number of data ranks that share the resources, in all and on one node.
struct DataShare {
  int ranks = 1;
  int here = 1;
};

/// Returns the number of data ranks on this rank's node, including this rank if it is one.
int data_ranks_beside(const World& world, const Roles& roles);

/// Returns the input plan of a data rank for the data that it has opened: its workers and its part of the
/// buffer. Throws a UsageError when not even one batch fits into that part.
InputPlan plan_input(const Options& options, const DataSplits& data, const DataShare& share);

/// Returns, on all ranks, the input plan of all data ranks together. `mine` is empty on ranks that only
/// train. Collective. Throws a DataError where a rank sees other data than rank 0.
InputPlan agree_on_data(World& world, const Roles& roles, const std::string& mine);

}  // namespace feedline

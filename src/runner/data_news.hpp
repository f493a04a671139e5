#pragma once

#include "roles.hpp"
#include "wire.hpp"

#include <feedline/comm/world.hpp>
#include <feedline/config/options.hpp>

#include <string>

namespace feedline {

/// How many data ranks share what there is, in all and on a node.
struct DataShare {
  int ranks = 1;
  int here = 1;
};

/// The data ranks on this rank's node, itself included.
int data_ranks_beside(const World& world, const Roles& roles);

/// What a data rank has to tell of the data that it has opened: its workers, and its part of the buffer.
/// Throws UsageError when not even one batch fits into that.
DataNews plan_input(const Options& options, const DataSplits& data, const DataShare& share);

/// What all data ranks together have to tell, on all ranks; `mine` is empty on those that train. Collective.
/// Throws DataError where a rank sees other data than rank 0.
DataNews agree_on_data(World& world, const Roles& roles, const std::string& mine);

}  // namespace feedline

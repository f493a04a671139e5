#pragma once

#include "outcome.hpp"
#include "session.hpp"

#include <feedline/common/stop_limit.hpp>

namespace feedline {

/// Runs both roles in one process: the buffered mode. `limit` deals with a call of the learner that does not
/// end.
void run_single_rank(Session& session, Outcome& outcome, StopLimit& limit);

/// Reads, decodes and transforms samples into the channel until every batch is taken, or until no more
/// batches are wanted.
void run_data_rank(World& world, Session& session, Outcome& outcome);

/// Returns whether a data rank was lost, and not the model rank, which decides what becomes of the run.
bool lost_data_rank_only(World& world, const Roles& roles);

/// Trains on the batches that come out of the channel. `limit` is as in run_single_rank().
void run_model_rank(World& world, Session& session, Outcome& outcome, StopLimit& limit);

}  // namespace feedline

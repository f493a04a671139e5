#pragma once

#include "outcome.hpp"
#include "session.hpp"

#include <feedline/common/stop_limit.hpp>

namespace feedline {

/// Both roles in one process: the buffered mode. A call of the learner that does not end is for `limit` to
/// deal with.
void run_single_rank(Session& session, Outcome& outcome, StopLimit& limit);

/// Reads, decodes and transforms into the channel until every batch is taken, or none are wanted any more.
void run_data_rank(World& world, Session& session, Outcome& outcome);

/// Whether a rank was lost, but not the one that trains, which decides what becomes of the run.
bool lost_data_rank_only(World& world, const Roles& roles);

/// Trains on what comes out of the channel; `limit` as above.
void run_model_rank(World& world, Session& session, Outcome& outcome, StopLimit& limit);

}  // namespace feedline

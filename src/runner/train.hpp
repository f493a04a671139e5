#pragma once

#include "outcome.hpp"
#include "session.hpp"

#include <feedline/common/stop_limit.hpp>

namespace feedline {

/// Trains on the batches of the session's channel, writes the checkpoints, and notes the result in `outcome`.
/// Blocks until the run is done, stopped or failed, and all its data is on the disk. `limit` deals with a
/// call of the learner that does not end.
void train(Session& session, Learner& learner, Outcome& outcome, StopLimit& limit);

}  // namespace feedline

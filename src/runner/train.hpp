#pragma once

#include "outcome.hpp"
#include "session.hpp"

#include <feedline/common/stop_limit.hpp>

namespace feedline {

/// Trains on what comes out of the session's channel, and writes the checkpoints; what happens ends up in
/// `outcome`. Blocks until the run is done, stopped, or has failed, and what is to be on the disk is there.
/// A call of the learner that does not end is for `limit` to deal with.
void train(Session& session, Learner& learner, Outcome& outcome, StopLimit& limit);

}  // namespace feedline

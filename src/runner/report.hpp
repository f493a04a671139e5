#pragma once

#include "outcome.hpp"
#include "session.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/metrics/summary.hpp>

#include <optional>
#include <vector>

namespace feedline {

/// What this rank tells the others when it is done.
RankReport make_rank_report(const Outcome& outcome, Clock::time_point program_start, bool prepared_data);

/// The run's summary, from what the rank that trains did and what all ranks told. `session` is empty when the
/// run failed before it was decided what to do.
Summary make_summary(const std::optional<Session>& session, const World* world, const Outcome& outcome,
                     const std::vector<RankReport>& reports, Clock::time_point program_start);

}  // namespace feedline

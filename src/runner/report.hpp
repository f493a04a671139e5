#pragma once

#include "outcome.hpp"
#include "session.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/metrics/summary.hpp>

#include <optional>
#include <vector>

namespace feedline {

/// Makes the report that this rank sends to the others when it is done.
RankReport make_rank_report(const Outcome& outcome, Clock::time_point program_start, bool prepared_data);

/// Makes the summary of the run from the work of the model rank and the reports of all ranks. `session` is
/// empty when the run failed before it was started up.
Summary make_summary(const std::optional<Session>& session, const World* world, const Outcome& outcome,
                     const std::vector<RankReport>& reports, Clock::time_point program_start);

}  // namespace feedline

#pragma once

#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/batch_schedule.hpp>

namespace feedline {

/// Returns the schedule options of a whole run of these options over this data.
ScheduleOptions schedule_of(const Options& options, const DataInfo& info);

}  // namespace feedline

#pragma once

#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/batch_schedule.hpp>

namespace feedline {

/// What a whole run of these options over this data has for batches.
ScheduleOptions schedule_of(const Options& options, const DataInfo& info);

}  // namespace feedline

#pragma once

#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/batch_schedule.hpp>

namespace feedline {

/// Returns the schedule options of a whole run of these options over this data.
ScheduleOptions schedule_of(const Options& options, const DataInfo& info);

/// Returns the order of these options, or the strict order if there are several buckets: `ready` fills a
/// batch with whichever sample is next, which may not fit into it.
Order order_of(const Options& options, const DataInfo& info) noexcept;

}  // namespace feedline

#pragma once

#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/batch_schedule.hpp>

namespace feedline {

/// What a whole run of these options over this data has for batches.
ScheduleOptions schedule_of(const Options& options, const DataInfo& info);

/// The order of these options, or strict where batches have several shapes: `ready` fills a batch with
/// whatever sample is next, and there it may not fit.
Order order_of(const Options& options, const DataInfo& info) noexcept;

}  // namespace feedline

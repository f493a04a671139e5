#pragma once

#include <feedline/common/fault_plan.hpp>
#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>

namespace feedline {

/// Opens the data for a run. The decoders run in processes of their own if that is requested, and the storage
/// has the faults of the fault plan. Blocks. Throws Error.
DataSplits open_datasets(const Options& options, const FaultPlan& faults);

}  // namespace feedline

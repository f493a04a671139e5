#pragma once

#include <feedline/common/fault_plan.hpp>
#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>

namespace feedline {

/// Opens the data for a run: with its decoders in processes of their own if that is asked for, and on storage
/// as bad as the fault plan says. Blocks. Throws Error.
DataSplits open_sets(const Options& options, const FaultPlan& faults);

}  // namespace feedline

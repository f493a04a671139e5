#pragma once

#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/loader/loader_plan.hpp>

namespace feedline {

/// Returns the plan of one validation: all samples of `set` once, in order, in batches as `info` describes
/// them. Bad samples are a share of the validation set.
LoaderPlan plan_validation(const Options& options, const DatasetPtr& set, const DataInfo& info,
                           BadSamplePolicy bad_samples);

}  // namespace feedline

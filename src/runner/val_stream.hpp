#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/config/options.hpp>
#include <feedline/data/bad_samples.hpp>
#include <feedline/data/open_data.hpp>

#include <functional>

namespace feedline {

/// Calls `use` with each batch of the validation set, in order, while workers prepare the following batches.
/// `info` describes how samples are batched. Blocks. Throws the errors of samples, of too many bad samples,
/// and of `use`.
void for_each_val_batch(const Options& options, const DatasetPtr& set, const DataInfo& info, BadSamples& bad,
                        const std::function<void(const Slot&)>& use);

}  // namespace feedline

#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/config/options.hpp>
#include <feedline/data/bad_samples.hpp>
#include <feedline/data/open_data.hpp>

#include <functional>

namespace feedline {

/// Calls `use` with each batch of the validation set, in its order, while workers prepare those that follow.
/// `info` says how the samples are batched. Blocks. Throws what samples, too many bad ones and `use` throw.
void for_each_val_batch(const Options& options, const DatasetPtr& set, const DataInfo& info, BadSamples& bad,
                        const std::function<void(const Slot&)>& use);

}  // namespace feedline

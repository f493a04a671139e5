#pragma once

#include <feedline/engine/learner.hpp>

#include <memory>

namespace feedline {

/// The torch half of the engine as the rest of it sees it, without including torch.

/// Makes a learner that trains with LibTorch. Throws UsageError, and DeviceError when the device cannot be
/// used.
std::unique_ptr<Learner> make_torch_learner(const TrainSettings& options, const DataInfo& info);

}  // namespace feedline

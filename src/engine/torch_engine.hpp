#pragma once

#include <feedline/engine/learner.hpp>

#include <memory>

namespace feedline {

/// What the rest of the engine sees of its torch half, so that it need not include torch.

/// A learner that trains with LibTorch. Throws UsageError, and DeviceError when the device cannot be used.
std::unique_ptr<Learner> make_torch_learner(const TrainOptions& options, const DataInfo& info);

}  // namespace feedline

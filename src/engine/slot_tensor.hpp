#pragma once

#include <feedline/batch/slot.hpp>

#include <torch/torch.h>

#include <cstddef>
#include <string_view>

namespace feedline {

/// A view of one tensor of a batch in place, [count, sample shape...], on the CPU or on a device.
torch::Tensor slot_tensor(const Slot& batch, std::size_t index);
torch::Tensor slot_tensor(const Slot& batch, std::string_view name);

}  // namespace feedline

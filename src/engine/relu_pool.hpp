#pragma once

#include <torch/torch.h>

namespace feedline {

/// relu(max_pool2d(x, 2)) of [B,C,H,W]; an odd last row or column is left out. On the CPU it is one pass over
/// memory instead of torch's scalar pooling, which alone takes longer than both convolutions of the tiny
/// model.
torch::Tensor relu_max_pool(const torch::Tensor& x);

}  // namespace feedline

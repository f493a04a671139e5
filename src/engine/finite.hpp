#pragma once

#include "tensor_file.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>

namespace feedline {

/// Whether a tensor on the CPU holds neither NaN nor infinity. Reads it once, in the calling thread.
bool is_finite(const torch::Tensor& tensor);

/// The name of the first tensor that does not, but for those in `spare`.
std::optional<std::string> first_not_finite(const NamedTensors& tensors,
                                            const std::set<std::string>& spare = {});

/// Those among the first tensors of a saved model that its optimizer changes. The optimizer's file names them
/// by their number, so they are told by their shapes, in order.
NamedTensors trained_among(const NamedTensors& model, const NamedTensors& optimizer);

}  // namespace feedline

#pragma once

#include "tensor_file.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>

namespace feedline {

/// Whether a tensor on the CPU holds neither NaN nor infinity. Reads it once, in the calling thread.
bool is_finite(const torch::Tensor& tensor);

/// The name of the first tensor that is not finite, except those in `spare`.
std::optional<std::string> first_not_finite(const NamedTensors& tensors,
                                            const std::set<std::string>& spare = {});

/// The tensors of a saved model that its optimizer changes, among the first ones. The optimizer's file names
/// them by number, so they are identified by their shapes, in order.
NamedTensors trained_among(const NamedTensors& model, const NamedTensors& optimizer);

}  // namespace feedline

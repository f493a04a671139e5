#pragma once

#include <feedline/batch/batch_spec.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace feedline {

/// The destinations of one sample's tensors. Only as many entries are used as the sample has tensors.
using SampleSpans = std::array<std::span<std::byte>, kMaxTensors>;

/// Returns the bytes of one sample in all tensors.
std::size_t sample_bytes(const std::vector<TensorSpec>& tensors) noexcept;

/// Returns the spans in `buffer`, which has at least `sample_bytes` bytes, tensor after tensor.
SampleSpans spans_in(std::span<std::byte> buffer, const std::vector<TensorSpec>& tensors) noexcept;

}  // namespace feedline

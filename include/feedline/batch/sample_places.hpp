#pragma once

#include <feedline/batch/batch_spec.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace feedline {

/// Where the tensors of one sample go; only as many are used as it has.
using SamplePlaces = std::array<std::span<std::byte>, kMaxTensors>;

/// Bytes of one sample in all tensors.
std::size_t sample_bytes(const std::vector<TensorSpec>& tensors) noexcept;

/// The places in a buffer of so many bytes, tensor after tensor.
SamplePlaces places_in(std::span<std::byte> buffer, const std::vector<TensorSpec>& tensors) noexcept;

}  // namespace feedline

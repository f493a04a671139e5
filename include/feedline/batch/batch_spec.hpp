#pragma once

#include <feedline/batch/tensor_spec.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace feedline {

/// Alignment of a slot, of its payload and of every tensor in it, in bytes.
inline constexpr std::size_t kSlotAlignment = 256;
inline constexpr std::size_t kMaxTensors = 8;
inline constexpr std::size_t kMaxDims = 6;

/// Layout of a slot: header and sample ids, then one block a tensor, `capacity` samples each, all aligned.
class BatchSpec {
 public:
  BatchSpec() = default;

  /// Throws InternalError when there are too many tensors or dimensions, or a name is too long.
  BatchSpec(std::uint32_t capacity, std::vector<TensorSpec> tensors);

  std::uint32_t capacity() const noexcept { return capacity_; }
  const std::vector<TensorSpec>& tensors() const noexcept { return tensors_; }

  /// Index of the tensor of that name; throws InternalError when there is none.
  std::size_t index(std::string_view name) const;

  /// Bytes from the slot's start to the tensor's first sample.
  std::size_t offset(std::size_t tensor) const noexcept { return offsets_[tensor]; }

  std::size_t header_bytes() const noexcept { return header_bytes_; }
  std::size_t payload_bytes() const noexcept { return slot_bytes_ - header_bytes_; }
  std::size_t slot_bytes() const noexcept { return slot_bytes_; }

  bool operator==(const BatchSpec&) const = default;

 private:
  std::uint32_t capacity_ = 0;
  std::vector<TensorSpec> tensors_;
  std::vector<std::size_t> offsets_;
  std::size_t header_bytes_ = 0;
  std::size_t slot_bytes_ = 0;
};

}  // namespace feedline

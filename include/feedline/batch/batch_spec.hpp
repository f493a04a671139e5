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

/// What all batches of one shape have in common.
struct BatchShape {
  std::uint32_t capacity = 0;  ///< rows
  std::vector<TensorSpec> tensors;

  bool operator==(const BatchShape&) const = default;
};

/// Where the tensors of such a batch lie in its slot: one block a tensor, `capacity` samples each, all
/// aligned.
class BatchLayout {
 public:
  /// The first block begins `header_bytes` after the slot's start. Throws InternalError when there are too
  /// many tensors or dimensions, or a name is too long.
  BatchLayout(BatchShape shape, std::size_t header_bytes);

  std::uint32_t capacity() const noexcept { return shape_.capacity; }
  const std::vector<TensorSpec>& tensors() const noexcept { return shape_.tensors; }

  /// Index of the tensor of that name; throws InternalError when there is none.
  std::size_t index(std::string_view name) const;

  bool has(std::string_view name) const noexcept;

  /// Bytes from the slot's start to the tensor's first sample.
  std::size_t offset(std::size_t tensor) const noexcept { return offsets_[tensor]; }

  std::size_t header_bytes() const noexcept { return header_bytes_; }
  std::size_t payload_bytes() const noexcept { return end_ - header_bytes_; }

  /// Of header and payload.
  std::size_t bytes() const noexcept { return end_; }

  bool operator==(const BatchLayout&) const = default;

 private:
  BatchShape shape_;
  std::vector<std::size_t> offsets_;
  std::size_t header_bytes_ = 0;
  std::size_t end_ = 0;
};

/// What a slot can hold: header and sample ids, then a batch of one of several shapes. The shapes have the
/// same tensors, by name and type, in other sizes.
class BatchSpec {
 public:
  BatchSpec() = default;

  /// Batches of one shape.
  BatchSpec(std::uint32_t capacity, std::vector<TensorSpec> tensors)
      : BatchSpec(std::vector<BatchShape>{{capacity, std::move(tensors)}}) {}

  /// Batches of these shapes, at least one. Throws InternalError, see BatchLayout.
  explicit BatchSpec(const std::vector<BatchShape>& shapes);

  std::size_t shapes() const noexcept { return layouts_.size(); }
  const BatchLayout& layout(std::size_t shape = 0) const noexcept { return layouts_[shape]; }

  /// Most rows that a batch has.
  std::uint32_t capacity() const noexcept { return capacity_; }

  /// Of header, notes and ids; the same for all shapes.
  std::size_t header_bytes() const noexcept { return layouts_.empty() ? 0 : layouts_[0].header_bytes(); }

  /// Bytes of the largest shape's batch.
  std::size_t slot_bytes() const noexcept { return slot_bytes_; }

  /// Most bytes that one sample takes in all tensors.
  std::size_t most_sample_bytes() const noexcept;

  bool operator==(const BatchSpec&) const = default;

 private:
  std::vector<BatchLayout> layouts_;
  std::uint32_t capacity_ = 0;
  std::size_t slot_bytes_ = 0;
};

}  // namespace feedline

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

/// The properties that all batches of one shape share.
struct BatchShape {
  std::uint32_t capacity = 0;  ///< Rows
  std::vector<TensorSpec> tensors;

  bool operator==(const BatchShape&) const = default;
};

/// The layout of such a batch in its slot: one aligned block per tensor, with room for `capacity` samples.
class BatchLayout {
 public:
  /// The first block begins `header_bytes` after the slot's start. Throws InternalError when there are no
  /// rows, no tensors or too many tensors, or when a tensor has too many dimensions or too long a name.
  BatchLayout(BatchShape shape, std::size_t header_bytes);

  std::uint32_t capacity() const noexcept { return shape_.capacity; }
  const std::vector<TensorSpec>& tensors() const noexcept { return shape_.tensors; }

  /// Returns the index of the tensor with that name. Throws InternalError when there is none.
  std::size_t index(std::string_view name) const;

  bool has(std::string_view name) const noexcept;

  /// Returns the bytes from the slot's start to the tensor's first sample.
  std::size_t offset(std::size_t tensor) const noexcept { return offsets_[tensor]; }

  std::size_t header_bytes() const noexcept { return header_bytes_; }
  std::size_t payload_bytes() const noexcept { return end_ - header_bytes_; }

  /// Returns the bytes of header and payload.
  std::size_t bytes() const noexcept { return end_; }

  bool operator==(const BatchLayout&) const = default;

 private:
  BatchShape shape_;
  std::vector<std::size_t> offsets_;
  std::size_t header_bytes_ = 0;
  std::size_t end_ = 0;
};

/// The content of a slot: header, row notes and sample ids, then a batch of one of several shapes. The shapes
/// have the same tensors by name, type and number of dimensions, in different sizes.
class BatchSpec {
 public:
  BatchSpec() = default;

  /// Describes batches of one shape.
  BatchSpec(std::uint32_t capacity, std::vector<TensorSpec> tensors)
      : BatchSpec(std::vector<BatchShape>{{capacity, std::move(tensors)}}) {}

  /// Describes batches of these shapes, of which there must be at least one. Throws InternalError as
  /// BatchLayout does, and when the shapes have different tensors.
  explicit BatchSpec(const std::vector<BatchShape>& shapes);

  std::size_t shapes() const noexcept { return layouts_.size(); }
  const BatchLayout& layout(std::size_t shape = 0) const noexcept { return layouts_[shape]; }

  /// Returns the most rows that a batch can have.
  std::uint32_t capacity() const noexcept { return capacity_; }

  /// Returns the bytes of header, row notes and ids, which are the same for all shapes.
  std::size_t header_bytes() const noexcept { return layouts_.empty() ? 0 : layouts_[0].header_bytes(); }

  /// Returns the bytes of a slot, which holds a batch of the largest shape.
  std::size_t slot_bytes() const noexcept { return slot_bytes_; }

  /// Returns the most bytes that one sample takes in all tensors.
  std::size_t most_sample_bytes() const noexcept;

  bool operator==(const BatchSpec&) const = default;

 private:
  std::vector<BatchLayout> layouts_;
  std::uint32_t capacity_ = 0;
  std::size_t slot_bytes_ = 0;
};

}  // namespace feedline

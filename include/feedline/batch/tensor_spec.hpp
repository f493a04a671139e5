#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

/// Element types that cross the wire. The values are part of the slot header.
enum class DType : std::uint8_t { kUInt8 = 0, kInt32 = 1, kInt64 = 2, kFloat32 = 3 };

std::size_t element_bytes(DType dtype) noexcept;
const char* dtype_name(DType dtype) noexcept;

/// One tensor of a sample: its name, element type and the shape of one sample (no batch dimension).
struct TensorSpec {
  std::string name;  ///< Name of at most 15 bytes, as the slot header stores it
  DType dtype = DType::kUInt8;
  std::vector<std::int64_t> shape;  ///< Shape of at most 6 dimensions; empty for a scalar

  std::size_t sample_bytes() const noexcept;
  bool operator==(const TensorSpec&) const = default;
};

}  // namespace feedline

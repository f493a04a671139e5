#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// A tensor as a torch pickle describes it: the place of its values, and the bytes they take.
struct PickledTensor {
  std::string name;                 ///< Path of the tensor, "body.0.weight"; empty if the pickle has no names
  std::string record;               ///< Name of the record in the archive, "3"
  std::uint64_t storage_bytes = 0;  ///< Bytes that the record must have
  std::uint64_t needed_bytes = 0;   ///< Bytes of those up to the last value that sizes and strides reach
};

/// The tensors of a pickle, without loading anything. It reads torch's output, not all pickles: it stops at
/// unknown content, which torch refuses as well.
std::vector<PickledTensor> tensors_in(std::span<const std::byte> pickle);

}  // namespace feedline

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// A tensor as a pickle of torch's describes it: where its values lie, and how many bytes that takes.
struct PickledTensor {
  std::string name;                 ///< where it hangs, "body.0.weight"; empty where nothing has a name
  std::string record;               ///< of the archive, "3"
  std::uint64_t storage_bytes = 0;  ///< that the record must have
  std::uint64_t needed_bytes = 0;   ///< of those, up to the last value that sizes and strides reach
};

/// The tensors of a pickle, without loading anything. It is a reader of what torch writes, not of all
/// pickles: it stops at what it does not know, which torch refuses as well.
std::vector<PickledTensor> tensors_in(std::span<const std::byte> pickle);

}  // namespace feedline

#pragma once

#include <feedline/batch/batch_spec.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// The depth of the host ring.
struct BufferPlan {
  std::size_t batches = 0;
  std::uint64_t bytes = 0;  ///< Bytes of all slots
  std::string note;         ///< Sentence for the user when the depth is smaller than requested
};

/// Chooses the smaller of `asked_batches` and the number of batches that fit into `budget` bytes, never more
/// than `available` (without a budget: a quarter of it). Throws UsageError when not even one batch fits.
BufferPlan plan_buffer(const BatchSpec& spec, std::size_t asked_batches, std::optional<std::uint64_t> budget,
                       std::uint64_t available);

}  // namespace feedline

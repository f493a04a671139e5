#pragma once

#include <feedline/batch/batch_spec.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// How deep the host ring is.
struct BufferPlan {
  std::size_t batches = 0;
  std::uint64_t bytes = 0;  ///< of all slots
  std::string note;         ///< a sentence for the user when it is less than was asked for
};

/// The smaller of `asked_batches` and what fits into `budget` bytes, never more than `available` (none given:
/// a quarter of it). Throws UsageError when not even one batch fits.
BufferPlan plan_buffer(const BatchSpec& spec, std::size_t asked_batches, std::optional<std::uint64_t> budget,
                       std::uint64_t available);

}  // namespace feedline

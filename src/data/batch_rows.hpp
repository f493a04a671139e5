#pragma once

#include <feedline/data/open_data.hpp>

#include <cstdint>

namespace feedline {

/// Returns the samples per batch of a training set of `train_size` samples. The default shrinks to the size
/// of the set, and a message reports it; a given size stays. Call it once for a set, before its shapes are
/// chosen.
std::uint32_t batch_rows(const DataOptions& options, std::uint64_t train_size);

}  // namespace feedline

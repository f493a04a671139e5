#pragma once

#include <feedline/data/open_data.hpp>

#include <cstdint>

namespace feedline {

/// Samples a batch of a training set of that size: the default is shrunk to the set, and that is said; what
/// was given stays. To be called once for a set, before its shapes are chosen.
std::uint32_t batch_rows(const DataOptions& options, std::uint64_t train_size);

}  // namespace feedline

#pragma once

#include "sound_source.hpp"

#include <feedline/data/open_data.hpp>

#include <cstdint>
#include <span>

namespace feedline {

/// Returns the mean and standard deviation of each band over all frames of up to 256 of the recordings `ids`,
/// evenly spaced; files that cannot be read do not count. The same recordings give the same bits on any
/// number of cores. Blocks until it is done. Throws a DataError when none can be read.
Normalization measure_bands(const SoundSource& source, std::span<const std::uint64_t> ids);

}  // namespace feedline

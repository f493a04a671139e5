#pragma once

#include <feedline/config/options.hpp>
#include <feedline/device/select.hpp>

namespace feedline {

/// Returns whether the data rank's GPU makes the spectrograms, if the data has any. Throws a UsageError when
/// the flags demand it and it is not possible.
bool gpu_makes_mels(const Options& options, const DeviceChoice& devices);

}  // namespace feedline

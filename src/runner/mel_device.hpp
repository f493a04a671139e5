#pragma once

#include <feedline/config/options.hpp>
#include <feedline/device/select.hpp>

namespace feedline {

/// Whether the data rank's GPU makes the spectrograms, if the data has any. Throws UsageError when it was
/// asked to and cannot.
bool gpu_makes_mels(const Options& options, const DeviceChoice& devices);

}  // namespace feedline

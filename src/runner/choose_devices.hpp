#pragma once

#include <feedline/config/options.hpp>
#include <feedline/device/select.hpp>

#include <vector>

namespace feedline {

/// What each rank with a role sees; the same for one rank.
struct SeenGpus {
  std::vector<GpuInfo> data, model;
  bool one_rank = true;
};

/// The devices that the flags and this machine lead to, see select_devices(). Throws DeviceError.
DeviceChoice choose_devices(const Options& options, const SeenGpus& seen);

}  // namespace feedline

#pragma once

#include <feedline/common/numa.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

/// A place where tensors live and work runs: the CPU, or a CUDA device by its ordinal.
struct Device {
  enum class Kind { kCpu, kCuda };

  Kind kind = Kind::kCpu;
  int ordinal = 0;

  static Device cpu() noexcept { return {}; }
  static Device cuda(int ordinal) noexcept { return {Kind::kCuda, ordinal}; }

  bool is_cuda() const noexcept { return kind == Kind::kCuda; }

  /// Returns "cpu" or "cuda:1", as torch names devices.
  std::string name() const;

  /// Returns the device with that name. Throws InternalError when there is no such name.
  static Device parse(const std::string& name);

  bool operator==(const Device&) const = default;
};

/// Properties of one GPU, as the driver reports them.
struct GpuInfo {
  int ordinal = 0;
  std::string name;
  std::string uuid;  ///< "GPU-xxxxxxxx-..."
  std::uint64_t memory_bytes = 0;
  int multiprocessors = 0;
  int clock_khz = 0;
  int numa_node = kNoNumaNode;  ///< Node that the GPU is attached to
};

/// Returns all CUDA devices that this process sees; the list is empty in a build without CUDA and without a
/// driver. Never throws for lack of a GPU. Throws UsageError as stand_in_gpus() does.
std::vector<GpuInfo> list_gpus();

/// Returns whether this build has the CUDA backend.
bool built_with_cuda() noexcept;

}  // namespace feedline

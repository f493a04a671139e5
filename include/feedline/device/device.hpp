#pragma once

#include <feedline/common/numa.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

/// A place where tensors live and work is done: the CPU, or a CUDA device by its ordinal.
struct Device {
  enum class Kind { kCpu, kCuda };

  Kind kind = Kind::kCpu;
  int ordinal = 0;

  static Device cpu() noexcept { return {}; }
  static Device cuda(int ordinal) noexcept { return {Kind::kCuda, ordinal}; }

  bool is_cuda() const noexcept { return kind == Kind::kCuda; }

  /// "cpu" or "cuda:1", as torch names devices.
  std::string name() const;

  /// The device of that name. Throws InternalError when it is none.
  static Device parse(const std::string& name);

  bool operator==(const Device&) const = default;
};

/// What the driver says of one GPU.
struct GpuInfo {
  int ordinal = 0;
  std::string name;
  std::string uuid;  ///< "GPU-xxxxxxxx-..."
  std::uint64_t memory_bytes = 0;
  int multiprocessors = 0;
  int clock_khz = 0;
  int numa_node = kNoNumaNode;  ///< that it is attached to
};

/// All CUDA devices that this process sees; none in a build without CUDA, or without a driver. Never throws
/// for lack of a GPU; UsageError as stand_in_gpus().
std::vector<GpuInfo> list_gpus();

/// Whether this build has the CUDA backend.
bool built_with_cuda() noexcept;

}  // namespace feedline

#include "cuda_backend.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/device/host_runtime.hpp>
#include <feedline/device/stand_in.hpp>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace feedline {
namespace {

constexpr const char* kVariable = "FEEDLINE_STAND_IN_GPUS";

}  // namespace

int stand_in_gpus() {
  const char* text = std::getenv(kVariable);
  if (text == nullptr) return 0;
  int count = 0;
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, count);
  if (error != std::errc() || stop != end || count < 1 || count > kMostStandIns)
    throw UsageError(std::string(kVariable) + " is '" + text + "'; it wants a number from 1 to " +
                     std::to_string(kMostStandIns) + ".");
  return count;
}

std::vector<GpuInfo> list_gpus() {
  const int count = stand_in_gpus();
  if (count == 0) return list_cuda_gpus();
  std::vector<GpuInfo> gpus;
  for (int i = 0; i < count; ++i)
    gpus.push_back({i, "stand-in of threads and plain memory", "STAND-IN-" + std::to_string(i), 1ull << 30, 1,
                    1, kNoNumaNode});
  return gpus;
}

std::shared_ptr<DeviceRuntime> open_device(Device device, int rank) {
  if (!device.is_cuda() || stand_in_gpus() > 0) return std::make_shared<HostRuntime>();
  return open_cuda_device(device, rank);
}

}  // namespace feedline

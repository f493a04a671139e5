#include <feedline/device/device.hpp>

namespace feedline {

std::vector<GpuInfo> list_gpus() {
  return {};
}

bool built_with_cuda() noexcept {
  return false;
}

}  // namespace feedline

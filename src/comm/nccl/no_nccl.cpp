#include "../device_links.hpp"

#include <feedline/common/errors.hpp>

namespace feedline {
namespace {

[[noreturn]] void refuse() {
  throw DeviceError("--transport nccl: this build of feedline has no CUDA. Use --transport auto.");
}

}  // namespace

std::string new_nccl_id() {
  refuse();
}

std::shared_ptr<DeviceLink> open_nccl_link(const LinkRequest&, DeviceRuntime&) {
  refuse();
}

bool built_with_nccl() noexcept {
  return false;
}

}  // namespace feedline

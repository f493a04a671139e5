#include <feedline/common/errors.hpp>
#include <feedline/device/device.hpp>

#include <cstdio>

namespace feedline {

std::string Device::name() const {
  return is_cuda() ? "cuda:" + std::to_string(ordinal) : "cpu";
}

Device Device::parse(const std::string& name) {
  int ordinal = 0;
  if (name == "cpu") return cpu();
  if (std::sscanf(name.c_str(), "cuda:%d", &ordinal) == 1) return cuda(ordinal);
  throw InternalError("'" + name + "' is no device name.");
}

}  // namespace feedline

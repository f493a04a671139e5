#pragma once

#include <cuda_runtime_api.h>

#include <string>

namespace feedline {

/// The caller of CUDA, for messages.
struct CudaCaller {
  int ordinal = 0;
  int rank = 0;
};

/// Throws DeviceError unless `result` is success. `call` is the function's name, and `tried` reads like "copy
/// 4.2 MiB".
void check_cuda(cudaError_t result, const char* call, const std::string& tried, const CudaCaller& caller);

/// Makes a device the calling thread's current device. The destructor restores the previous device, unless
/// this process does not use that one.
class CudaDeviceGuard {
 public:
  explicit CudaDeviceGuard(const CudaCaller& caller);
  CudaDeviceGuard(const CudaDeviceGuard&) = delete;
  CudaDeviceGuard& operator=(const CudaDeviceGuard&) = delete;
  ~CudaDeviceGuard();

 private:
  int mine_;
  int before_ = 0;
};

}  // namespace feedline

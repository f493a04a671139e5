#include <feedline/device/cuda/cuda_check.hpp>

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

namespace feedline {

void check_cuda(cudaError_t result, const char* call, const std::string& tried, const CudaCaller& caller) {
  if (result == cudaSuccess) return;
  cudaGetLastError();  // else the next call would tell of it once more
  throw DeviceError(fmt::format("Rank {} failed to {} on cuda:{}: {} said {} ({}).", caller.rank, tried,
                                caller.ordinal, call, cudaGetErrorName(result), cudaGetErrorString(result)));
}

CudaDeviceGuard::CudaDeviceGuard(const CudaCaller& caller) {
  check_cuda(cudaGetDevice(&before_), "cudaGetDevice", "ask for the current device", caller);
  check_cuda(cudaSetDevice(caller.ordinal), "cudaSetDevice", "make it the current device", caller);
}

CudaDeviceGuard::~CudaDeviceGuard() {
  cudaSetDevice(before_);
}

}  // namespace feedline

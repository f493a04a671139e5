#include <feedline/common/errors.hpp>
#include <feedline/device/cuda/cuda_check.hpp>

#include <fmt/format.h>

namespace feedline {
namespace {

/// Returns whether a device has a context. A context takes memory there, and making a device current creates
/// one.
bool in_use(int ordinal) {
  using GetState = int (*)(int device, unsigned* flags, int* active);
  static const GetState get_state = [] {
    void* function = nullptr;
    cudaDriverEntryPointQueryResult found{};
    constexpr unsigned kSinceCuda7 = 7000;
    if (cudaGetDriverEntryPointByVersion("cuDevicePrimaryCtxGetState", &function, kSinceCuda7,
                                         cudaEnableDefault, &found) != cudaSuccess)
      function = nullptr;
    return reinterpret_cast<GetState>(function);
  }();
  unsigned flags = 0;
  int active = 0;
  return get_state != nullptr && get_state(ordinal, &flags, &active) == 0 && active != 0;
}

}  // namespace

void check_cuda(cudaError_t result, const char* call, const std::string& tried, const CudaCaller& caller) {
  if (result == cudaSuccess) return;
  cudaGetLastError();  // else the next call would report it again
  throw DeviceError(fmt::format("Rank {} failed to {} on cuda:{}: {} said {} ({}).", caller.rank, tried,
                                caller.ordinal, call, cudaGetErrorName(result), cudaGetErrorString(result)));
}

CudaDeviceGuard::CudaDeviceGuard(const CudaCaller& caller) : mine_(caller.ordinal) {
  check_cuda(cudaGetDevice(&before_), "cudaGetDevice", "ask for the current device", caller);
  check_cuda(cudaSetDevice(caller.ordinal), "cudaSetDevice", "make it the current device", caller);
}

CudaDeviceGuard::~CudaDeviceGuard() {
  if (before_ != mine_ && in_use(before_)) cudaSetDevice(before_);
}

}  // namespace feedline

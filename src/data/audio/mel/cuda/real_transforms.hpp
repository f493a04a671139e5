#pragma once

#include <feedline/common/unique_handle.hpp>
#include <feedline/device/cuda/cuda_check.hpp>
#include <feedline/device/device_runtime.hpp>

#include <cufft.h>

#include <cstdint>
#include <memory>

namespace feedline {

/// Transforms of `count` sequences of n real numbers by cuFFT, each in its place: n numbers and room for two
/// become n / 2 + 1 complex ones. Memory that cuFFT needs is of `device` and stays.
class RealTransforms {
 public:
  /// Throws DeviceError.
  RealTransforms(std::int32_t n, std::int32_t count, DeviceRuntime& device, const CudaCaller& caller);

  /// Asks `stream` for all of them. The caller's device must be current. Throws DeviceError.
  void run(float* sequences, cudaStream_t stream);

 private:
  struct PlanTraits {
    using Type = cufftHandle;
    static Type null() noexcept { return -1; }
    static void close(Type plan) noexcept { cufftDestroy(plan); }
  };

  CudaCaller caller_;
  std::unique_ptr<DeviceMemory> scratch_;
  UniqueHandle<PlanTraits> plan_;
};

}  // namespace feedline

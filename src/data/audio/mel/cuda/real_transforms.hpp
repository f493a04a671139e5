#pragma once

#include <feedline/common/unique_handle.hpp>
#include <feedline/device/cuda/cuda_check.hpp>
#include <feedline/device/device_runtime.hpp>

#include <cufft.h>

#include <cstdint>
#include <memory>

namespace feedline {

/// Transforms `count` sequences of n real numbers by cuFFT, each in place: n numbers with room for two more
/// become n / 2 + 1 complex numbers. The memory that cuFFT needs belongs to `device` and is kept.
class RealTransforms {
 public:
  /// Throws DeviceError.
  RealTransforms(std::int32_t n, std::int32_t count, DeviceRuntime& device, const CudaCaller& caller);

  /// Enqueues all transforms on `stream`. The caller's device must be current. Throws DeviceError.
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

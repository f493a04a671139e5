#include "real_transforms.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

namespace feedline {
namespace {

const char* meaning(cufftResult result) noexcept {
  switch (result) {
    case CUFFT_INVALID_PLAN:
      return "invalid plan";
    case CUFFT_ALLOC_FAILED:
      return "out of memory";
    case CUFFT_INVALID_VALUE:
      return "invalid value";
    case CUFFT_INTERNAL_ERROR:
      return "internal error";
    case CUFFT_EXEC_FAILED:
      return "execution failed";
    case CUFFT_SETUP_FAILED:
      return "set-up failed";
    case CUFFT_INVALID_SIZE:
      return "invalid size";
    case CUFFT_INVALID_DEVICE:
      return "another device than the plan's is current";
    case CUFFT_NO_WORKSPACE:
      return "no work area";
    default:
      return "see cufftResult in cufft.h";
  }
}

void check_cufft(cufftResult result, const char* call, const std::string& tried, const CudaCaller& caller) {
  if (result == CUFFT_SUCCESS) return;
  throw DeviceError(fmt::format("Rank {} failed to {} on cuda:{}: {} said {} ({}).", caller.rank, tried,
                                caller.ordinal, call, static_cast<int>(result), meaning(result)));
}

}  // namespace

RealTransforms::RealTransforms(std::int32_t n, std::int32_t count, DeviceRuntime& device,
                               const CudaCaller& caller)
    : caller_(caller) {
  const CudaDeviceGuard guard(caller);
  const std::string tried = fmt::format("plan {} transforms of {} samples", count, n);
  cufftHandle plan = -1;
  check_cufft(cufftCreate(&plan), "cufftCreate", tried, caller);
  plan_.reset(plan);
  check_cufft(cufftSetAutoAllocation(plan, 0), "cufftSetAutoAllocation", tried, caller);
  int length = n, room = n + 2, bins = n / 2 + 1;
  std::size_t bytes = 0;
  check_cufft(cufftMakePlanMany(plan, 1, &length, &room, 1, room, &bins, 1, bins, CUFFT_R2C, count, &bytes),
              "cufftMakePlanMany", tried, caller);
  if (bytes == 0) return;
  scratch_ = device.allocate(bytes);
  check_cufft(cufftSetWorkArea(plan, scratch_->bytes().data()), "cufftSetWorkArea", tried, caller);
}

void RealTransforms::run(float* sequences, cudaStream_t stream) {
  const char* const tried = "transform the frames of a batch";
  check_cufft(cufftSetStream(plan_.get(), stream), "cufftSetStream", tried, caller_);
  check_cufft(cufftExecR2C(plan_.get(), sequences, reinterpret_cast<cufftComplex*>(sequences)),
              "cufftExecR2C", tried, caller_);
}

}  // namespace feedline

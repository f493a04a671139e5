#include <feedline/device/profiler.hpp>

#include <nvtx3/nvToolsExt.h>

namespace feedline {

void push_profiler_range(const char* name) noexcept {
  nvtxRangePushA(name);
}

void pop_profiler_range() noexcept {
  nvtxRangePop();
}

}  // namespace feedline

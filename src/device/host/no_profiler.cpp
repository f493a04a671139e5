#include <feedline/device/profiler.hpp>

namespace feedline {

void push_profiler_range(const char*) noexcept {}

void pop_profiler_range() noexcept {}

}  // namespace feedline

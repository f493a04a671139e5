#pragma once

namespace feedline {

/// Names what this thread does from here on in the picture of a profiler that is attached (NVTX), inside what
/// it was doing before; `name` is a constant. Costs a few nanoseconds without a profiler; nothing in a build
/// without CUDA.
void push_profiler_range(const char* name) noexcept;

/// Ends what this thread began last.
void pop_profiler_range() noexcept;

}  // namespace feedline

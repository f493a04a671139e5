#pragma once

namespace feedline {

/// Begins a range of this thread in an attached profiler (NVTX), nested in the thread's current range. `name`
/// must be a constant. It costs a few nanoseconds without a profiler, and nothing in a build without CUDA.
void push_profiler_range(const char* name) noexcept;

/// Ends the range that this thread began last.
void pop_profiler_range() noexcept;

}  // namespace feedline

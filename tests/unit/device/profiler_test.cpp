#include <feedline/device/profiler.hpp>

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace feedline {
namespace {

/// What the profiler of this test has seen; range_recorder.cpp is its other half.
std::string seen() {
  void* library = dlopen(std::getenv("NVTX_INJECTION64_PATH"), RTLD_NOW | RTLD_NOLOAD);
  if (library == nullptr) return "NVTX has not loaded the profiler";
  const auto ranges = reinterpret_cast<const char* (*)()>(dlsym(library, "seen_ranges"));
  return ranges != nullptr ? ranges() : "another profiler";
}

TEST(Profiler, SeesTheRangesInsideEachOther) {
  push_profiler_range("sample");
  push_profiler_range("decode");
  pop_profiler_range();
  pop_profiler_range();
  EXPECT_EQ(seen(), "+sample+decode--");
}

}  // namespace
}  // namespace feedline

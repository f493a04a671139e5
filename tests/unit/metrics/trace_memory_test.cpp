#include <feedline/metrics/stage_range.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

// Counts what the whole program takes; a program of its own, since these replace the library's.
void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace feedline {
namespace {

constexpr Stage kWork{"work", {"number"}};

TEST(TraceMemory, RecordingTakesNoneAlsoWhenTheLaneIsFull) {
  Trace trace(Clock::now());
  TraceLane* lane = trace.lane("main", 1000);
  EXPECT_GT(allocations, 0u);  // so it does count
  const std::uint64_t before = allocations;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    StageRange range(lane, kWork, i);
    range.next(kWork);
    lane->set(kWork, i);
  }
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(lane->content().dropped, 14000u);
}

}  // namespace
}  // namespace feedline

#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/device/profiler.hpp>
#include <feedline/metrics/trace.hpp>

#include <cstdint>

namespace feedline {

/// Marks `stage` as the work of this thread until the end of the scope, in a profiler if one is attached and
/// on the timeline if there is a lane. Ranges of a thread are nested or follow each other. For one thread;
/// allocates no memory.
class StageRange {
 public:
  /// `lane` may be null. The numbers are those that `stage` names.
  StageRange(TraceLane* lane, const Stage& stage, std::uint64_t first = TraceEvent::kNone,
             std::uint64_t second = TraceEvent::kNone) noexcept
      : lane_(lane), first_(first), second_(second) {
    begin(stage);
  }
  StageRange(const StageRange&) = delete;
  StageRange& operator=(const StageRange&) = delete;
  ~StageRange() { end(); }

  /// Ends the stage before the scope does.
  void end() noexcept {
    if (stage_ == nullptr) return;
    pop_profiler_range();
    if (lane_ != nullptr) lane_->add(*stage_, begin_, Clock::now(), first_, second_);
    stage_ = nullptr;
  }

  /// Ends the stage and begins another, which has no numbers.
  void next(const Stage& stage) noexcept {
    end();
    first_ = second_ = TraceEvent::kNone;
    begin(stage);
  }

 private:
  void begin(const Stage& stage) noexcept {
    stage_ = &stage;
    push_profiler_range(stage.name);
    if (lane_ != nullptr) begin_ = Clock::now();
  }

  TraceLane* lane_;
  const Stage* stage_ = nullptr;
  Clock::time_point begin_{};
  std::uint64_t first_, second_;
};

}  // namespace feedline

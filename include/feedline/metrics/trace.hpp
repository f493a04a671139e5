#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/metrics/stages.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

namespace feedline {

/// One thing on a timeline: a span, or the value of a gauge (`length` is kGauge, the value is the first
/// number).
struct TraceEvent {
  static constexpr std::int64_t kGauge = -1;
  static constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();

  const Stage* stage = nullptr;
  std::int64_t begin = 0;   ///< nanoseconds of this node's CLOCK_MONOTONIC
  std::int64_t length = 0;  ///< nanoseconds
  std::array<std::uint64_t, 2> numbers{kNone, kNone};

  bool is_gauge() const noexcept { return length == kGauge; }
};

/// What one thread did, in memory that is set aside when the lane is made: adding an event takes a few
/// stores, no lock and no memory. When it is full, the first quarter and the newest events stay; what was in
/// between is dropped and counted.
///
/// Thread rule: `add` and `set` belong to one thread, and events end in the order in which they are added;
/// the rest is for any thread, also meanwhile.
class TraceLane {
 public:
  TraceLane(std::string name, std::size_t most_events);

  const std::string& name() const noexcept { return name_; }

  void add(const Stage& stage, Clock::time_point begin, Clock::time_point end,
           std::uint64_t first = TraceEvent::kNone, std::uint64_t second = TraceEvent::kNone) noexcept;

  /// The value of a gauge from now on.
  void set(const Stage& gauge, std::uint64_t value) noexcept;

  /// What there is, in the order in which it was added.
  struct Content {
    std::vector<TraceEvent> events;
    std::uint64_t dropped = 0;
    std::size_t before_gap = 0;  ///< events that are older than those dropped
  };
  Content content() const;

 private:
  /// An event in words that may be read while they are overwritten. `stamp` is the event's number + 1 once
  /// all of it is there.
  struct Cell {
    std::atomic<std::uint64_t> stamp, begin, length, first, second;
    std::atomic<const Stage*> stage;
  };

  void put(const TraceEvent& event) noexcept;
  std::size_t place_of(std::uint64_t number) const noexcept;
  bool read(std::uint64_t number, TraceEvent& event) const noexcept;

  std::string name_;
  std::vector<Cell> cells_;
  std::size_t first_;                    ///< cells that keep what they got first
  std::atomic<std::uint64_t> added_{0};  ///< events
};

/// The timeline of one process: a lane for each thread that has something to show. Whoever records is handed
/// a lane, or null where no timeline was asked for.
class Trace {
 public:
  /// Room for the events of a thread that has few, and of all workers together.
  static constexpr std::size_t kFewEvents = std::size_t{1} << 14;
  static constexpr std::size_t kManyEvents = std::size_t{1} << 17;
  static constexpr std::size_t kWorkersEvents = std::size_t{1} << 18;

  /// `start`: when the process was started; no event is older.
  explicit Trace(Clock::time_point start) noexcept : start_(start) {}

  Clock::time_point start() const noexcept { return start_; }

  /// A lane for the calling thread or for one that is to start; it stays as long as the trace. Any thread.
  TraceLane* lane(std::string name, std::size_t most_events);

  /// By the order in which they were made. Any thread.
  std::vector<const TraceLane*> lanes() const;

 private:
  Clock::time_point start_;
  mutable std::mutex mutex_;
  std::deque<TraceLane> lanes_;
};

/// Events that each of so many workers has room for.
std::size_t events_per_worker(int workers) noexcept;

/// The same, but null of null.
inline TraceLane* lane_in(Trace* trace, std::string name, std::size_t most_events = Trace::kFewEvents) {
  return trace != nullptr ? trace->lane(std::move(name), most_events) : nullptr;
}

}  // namespace feedline

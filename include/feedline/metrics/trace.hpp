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

/// One event on a timeline: a span, or the value of a gauge (`length` is kGauge and the first number is the
/// value).
struct TraceEvent {
  static constexpr std::int64_t kGauge = -1;
  static constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();

  const Stage* stage = nullptr;
  std::int64_t begin = 0;   ///< Nanoseconds of this node's CLOCK_MONOTONIC
  std::int64_t length = 0;  ///< Nanoseconds, or kGauge
  std::array<std::uint64_t, 2> numbers{kNone, kNone};

  bool is_gauge() const noexcept { return length == kGauge; }
};

/// The events of one thread, in memory that the constructor reserves. Adding an event takes a few stores, no
/// lock and no allocation. When the lane is full, the first quarter and the newest events stay, and those in
/// between are dropped and counted.
///
/// Thread rule: `add` and `set` belong to one thread, and events end in the order in which they are added.
/// Any thread may call the rest, also meanwhile.
class TraceLane {
 public:
  TraceLane(std::string name, std::size_t most_events);

  const std::string& name() const noexcept { return name_; }

  void add(const Stage& stage, Clock::time_point begin, Clock::time_point end,
           std::uint64_t first = TraceEvent::kNone, std::uint64_t second = TraceEvent::kNone) noexcept;

  /// Sets the value of a gauge from now on.
  void set(const Stage& gauge, std::uint64_t value) noexcept;

  /// The events of a lane, in the order in which they were added.
  struct Content {
    std::vector<TraceEvent> events;
    std::uint64_t dropped = 0;
    std::size_t before_gap = 0;  ///< Number of events that are older than the dropped ones
  };
  Content content() const;

 private:
  /// An event in words that may be read while they are overwritten. `stamp` is the event's number + 1 once
  /// the event is complete.
  struct Cell {
    std::atomic<std::uint64_t> stamp, begin, length, first, second;
    std::atomic<const Stage*> stage;
  };

  void put(const TraceEvent& event) noexcept;
  std::size_t place_of(std::uint64_t number) const noexcept;
  bool read(std::uint64_t number, TraceEvent& event) const noexcept;

  std::string name_;
  std::vector<Cell> cells_;
  std::size_t first_;                    ///< Number of cells that keep their first event
  std::atomic<std::uint64_t> added_{0};  ///< Events added so far
};

/// The timeline of one process, with one lane per thread that records events. A thread gets a lane, or null
/// where no timeline is requested.
class Trace {
 public:
  /// Room, in events: for a thread with few events, for one with many, and for all workers together.
  static constexpr std::size_t kFewEvents = std::size_t{1} << 14;
  static constexpr std::size_t kManyEvents = std::size_t{1} << 17;
  static constexpr std::size_t kWorkersEvents = std::size_t{1} << 18;

  /// `start` is when the process was started. No event is older.
  explicit Trace(Clock::time_point start) noexcept : start_(start) {}

  Clock::time_point start() const noexcept { return start_; }

  /// Makes a lane for the calling thread or for one that is about to start. The lane lives as long as the
  /// trace. Any thread may call it.
  TraceLane* lane(std::string name, std::size_t most_events);

  /// Returns the lanes in the order in which they were made. Any thread may call it.
  std::vector<const TraceLane*> lanes() const;

 private:
  Clock::time_point start_;
  mutable std::mutex mutex_;
  std::deque<TraceLane> lanes_;
};

/// Returns the number of events that each of `workers` workers has room for.
std::size_t events_per_worker(int workers) noexcept;

/// Makes a lane in `trace`, or returns null where `trace` is null.
inline TraceLane* lane_in(Trace* trace, std::string name, std::size_t most_events = Trace::kFewEvents) {
  return trace != nullptr ? trace->lane(std::move(name), most_events) : nullptr;
}

}  // namespace feedline

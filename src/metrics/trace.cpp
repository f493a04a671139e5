#include <feedline/metrics/trace.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace feedline {
namespace {

std::int64_t nanoseconds(Clock::duration time) noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

}  // namespace

TraceLane::TraceLane(std::string name, std::size_t most_events)
    : name_(std::move(name)),
      cells_(std::max<std::size_t>(most_events, 2)),
      first_(std::max<std::size_t>(most_events / 4, 1)) {}

void TraceLane::add(const Stage& stage, Clock::time_point begin, Clock::time_point end, std::uint64_t first,
                    std::uint64_t second) noexcept {
  put({&stage, nanoseconds(begin.time_since_epoch()), nanoseconds(end - begin), {first, second}});
}

void TraceLane::set(const Stage& gauge, std::uint64_t value) noexcept {
  put({&gauge, nanoseconds(Clock::now().time_since_epoch()), TraceEvent::kGauge, {value, TraceEvent::kNone}});
}

std::size_t TraceLane::place_of(std::uint64_t number) const noexcept {
  return number < first_ ? number : first_ + (number - first_) % (cells_.size() - first_);
}

/// Writes an event over an old one. A reader that sees any word of this event also sees, by release and
/// acquire, that the old event's stamp is gone.
void TraceLane::put(const TraceEvent& event) noexcept {
  const std::uint64_t number = added_.load(std::memory_order_relaxed);
  Cell& into = cells_[place_of(number)];
  into.stamp.store(0, std::memory_order_relaxed);
  into.stage.store(event.stage, std::memory_order_release);
  into.begin.store(static_cast<std::uint64_t>(event.begin), std::memory_order_release);
  into.length.store(static_cast<std::uint64_t>(event.length), std::memory_order_release);
  into.first.store(event.numbers[0], std::memory_order_release);
  into.second.store(event.numbers[1], std::memory_order_release);
  into.stamp.store(number + 1, std::memory_order_release);
  added_.store(number + 1, std::memory_order_release);
}

/// Returns false when the event is being overwritten or has been overwritten.
bool TraceLane::read(std::uint64_t number, TraceEvent& event) const noexcept {
  const Cell& from = cells_[place_of(number)];
  if (from.stamp.load(std::memory_order_acquire) != number + 1) return false;
  event.stage = from.stage.load(std::memory_order_acquire);
  event.begin = static_cast<std::int64_t>(from.begin.load(std::memory_order_acquire));
  event.length = static_cast<std::int64_t>(from.length.load(std::memory_order_acquire));
  event.numbers = {from.first.load(std::memory_order_acquire), from.second.load(std::memory_order_acquire)};
  return from.stamp.load(std::memory_order_acquire) == number + 1;
}

TraceLane::Content TraceLane::content() const {
  const std::uint64_t added = added_.load(std::memory_order_acquire);
  const std::uint64_t newest = cells_.size() - first_;
  Content content;
  content.events.reserve(std::min<std::uint64_t>(added, cells_.size()));
  TraceEvent event;
  const auto take = [&](std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t number = from; number < to; ++number) {
      if (read(number, event)) content.events.push_back(event);
    }
  };
  take(0, std::min<std::uint64_t>(added, first_));
  content.before_gap = content.events.size();
  if (added > first_) take(std::max<std::uint64_t>(first_, added - std::min(added, newest)), added);
  content.dropped = added - content.events.size();
  return content;
}

TraceLane* Trace::lane(std::string name, std::size_t most_events) {
  const std::lock_guard lock(mutex_);
  return &lanes_.emplace_back(std::move(name), most_events);
}

std::vector<const TraceLane*> Trace::lanes() const {
  const std::lock_guard lock(mutex_);
  std::vector<const TraceLane*> lanes;
  for (const TraceLane& lane : lanes_) lanes.push_back(&lane);
  return lanes;
}

std::size_t events_per_worker(int workers) noexcept {
  constexpr std::size_t kLeast = 1024;
  return std::clamp(Trace::kWorkersEvents / static_cast<std::size_t>(std::max(workers, 1)), kLeast,
                    Trace::kManyEvents);
}

}  // namespace feedline

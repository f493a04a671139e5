#include <feedline/metrics/stage_range.hpp>
#include <feedline/metrics/trace.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using namespace std::chrono_literals;

constexpr Stage kWork{"work", {"number", "other"}};
constexpr Stage kPart{"part"};

Clock::time_point at(std::int64_t nanoseconds) {
  return Clock::time_point(std::chrono::nanoseconds(nanoseconds));
}

void add_numbered(TraceLane& lane, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i)
    lane.add(kWork, at(static_cast<std::int64_t>(10 * i)), at(static_cast<std::int64_t>(10 * i + 7)), i,
             2 * i);
}

std::vector<std::uint64_t> numbers_of(const TraceLane::Content& content) {
  std::vector<std::uint64_t> numbers;
  for (const TraceEvent& event : content.events) numbers.push_back(event.numbers[0]);
  return numbers;
}

TEST(TraceLane, KeepsWhatWasAdded) {
  TraceLane lane("worker 3", 100);
  EXPECT_EQ(lane.name(), "worker 3");
  EXPECT_TRUE(lane.content().events.empty());
  lane.add(kWork, at(1'000), at(1'250), 7);
  lane.set(kWork, 12);
  const TraceLane::Content content = lane.content();
  ASSERT_EQ(content.events.size(), 2u);
  EXPECT_EQ(content.dropped, 0u);
  EXPECT_EQ(content.events[0].stage, &kWork);
  EXPECT_EQ(content.events[0].begin, 1'000);
  EXPECT_EQ(content.events[0].length, 250);
  EXPECT_THAT(content.events[0].numbers, testing::ElementsAre(7u, TraceEvent::kNone));
  EXPECT_FALSE(content.events[0].is_gauge());
  EXPECT_TRUE(content.events[1].is_gauge());
  EXPECT_EQ(content.events[1].numbers[0], 12u);
}

TEST(TraceLane, IsFilledToTheLastPlaceWithoutLoss) {
  TraceLane lane("full", 16);
  add_numbered(lane, 16);
  EXPECT_EQ(lane.content().events.size(), 16u);
  EXPECT_EQ(lane.content().dropped, 0u);
}

TEST(TraceLane, DropsTheMiddleAndSaysHowMuch) {
  TraceLane lane("overfull", 16);
  add_numbered(lane, 100);
  const TraceLane::Content content = lane.content();
  EXPECT_THAT(numbers_of(content),
              testing::ElementsAre(0, 1, 2, 3, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99));
  EXPECT_EQ(content.dropped, 84u);
  EXPECT_EQ(content.before_gap, 4u);
}

TEST(TraceLane, TakesTheSmallestSizes) {
  for (const std::size_t size : {0u, 1u, 2u, 3u}) {
    TraceLane lane("small", size);
    add_numbered(lane, 50);
    const TraceLane::Content content = lane.content();
    EXPECT_EQ(content.events.front().numbers[0], 0u);
    EXPECT_EQ(content.events.back().numbers[0], 49u);
    EXPECT_EQ(content.dropped + content.events.size(), 50u);
  }
}

/// What is read while the lane is written is whole, whatever is being overwritten.
TEST(TraceLane, CanBeReadWhileItIsWritten) {
  TraceLane lane("busy", 3);
  const std::jthread writer([&](const std::stop_token& over) {
    for (std::uint64_t i = 0; !over.stop_requested(); ++i) {
      const auto begin = static_cast<std::int64_t>(i);
      lane.add(kWork, at(begin), at(3 * begin), i, 5 * i);
    }
  });
  for (TraceLane::Content content; content.dropped < 1'000'000;) {
    content = lane.content();
    for (const TraceEvent& event : content.events) {
      const std::uint64_t i = event.numbers[0];
      ASSERT_EQ(event.stage, &kWork);
      ASSERT_EQ(event.begin, static_cast<std::int64_t>(i));
      ASSERT_EQ(event.length, static_cast<std::int64_t>(2 * i));
      ASSERT_EQ(event.numbers[1], 5 * i);
    }
  }
}

TEST(Trace, ThreadsHaveLanesOfTheirOwn) {
  Trace trace(Clock::now());
  constexpr std::uint64_t kThreads = 4, kEvents = 5000;
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&trace, thread] {
      TraceLane* lane = trace.lane(std::to_string(thread), kEvents);
      for (std::uint64_t i = 0; i < kEvents; ++i) const StageRange range(lane, kWork, thread, i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto lanes = trace.lanes();
  ASSERT_EQ(lanes.size(), kThreads);
  for (const TraceLane* lane : lanes) {
    const TraceLane::Content content = lane->content();
    ASSERT_EQ(content.events.size(), kEvents);
    for (std::uint64_t i = 0; i < kEvents; ++i) {
      EXPECT_EQ(content.events[i].numbers[0], std::stoull(lane->name()));
      EXPECT_EQ(content.events[i].numbers[1], i);
    }
  }
}

TEST(Trace, WithoutOneThereAreNoLanes) {
  EXPECT_EQ(lane_in(nullptr, "none"), nullptr);
  Trace trace(Clock::now());
  EXPECT_NE(lane_in(&trace, "one"), nullptr);
}

TEST(Trace, WorkersShareTheRoomThereIs) {
  EXPECT_EQ(events_per_worker(0), Trace::kManyEvents);
  EXPECT_EQ(events_per_worker(1), Trace::kManyEvents);
  EXPECT_EQ(events_per_worker(64) * 64, Trace::kWorkersEvents);
  EXPECT_GT(events_per_worker(100000), 0u);
}

TEST(StageRange, LastsFromItsBeginToTheScopesEnd) {
  TraceLane lane("scope", 16);
  const auto before = Clock::now();
  {
    const StageRange outer(&lane, kWork, 1, 2);
    const StageRange inner(&lane, kPart);
    std::this_thread::sleep_for(2ms);
  }
  const auto after = Clock::now();
  const auto events = lane.content().events;
  ASSERT_EQ(events.size(), 2u);
  const TraceEvent &inner = events[0], &outer = events[1];
  EXPECT_EQ(inner.stage, &kPart);
  EXPECT_EQ(outer.stage, &kWork);
  EXPECT_THAT(outer.numbers, testing::ElementsAre(1, 2));
  EXPECT_GE(outer.begin, before.time_since_epoch().count());
  EXPECT_GE(inner.begin, outer.begin);
  EXPECT_GE(inner.length, 2'000'000);
  EXPECT_LE(inner.begin + inner.length, outer.begin + outer.length);
  EXPECT_LE(outer.begin + outer.length, after.time_since_epoch().count());
}

TEST(StageRange, EndsOnceAndGoesOnAsAnother) {
  TraceLane lane("steps", 16);
  {
    StageRange range(&lane, kWork, 5);
    range.next(kPart);
    range.end();
    range.end();
  }
  const auto events = lane.content().events;
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].stage, &kWork);
  EXPECT_EQ(events[0].numbers[0], 5u);
  EXPECT_EQ(events[1].stage, &kPart);
  EXPECT_EQ(events[1].numbers[0], TraceEvent::kNone);
  EXPECT_GE(events[1].begin, events[0].begin + events[0].length);
}

TEST(StageRange, WithoutALaneDoesNothing) {
  StageRange range(nullptr, kWork, 1, 2);
  range.next(kPart);
  range.end();
}

}  // namespace
}  // namespace feedline

#include <feedline/pipeline/ready_order.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace feedline {
namespace {

using namespace std::chrono_literals;

BatchSchedule schedule() {
  ScheduleOptions options;
  options.buckets = {{4, 10, 5}};
  options.epochs = 2;
  return BatchSchedule(options);
}

TEST(ReadyOrder, SamplesComeInStrictOrder) {
  const BatchSchedule plan = schedule();
  ReadyOrder order(plan, 1000);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> seen;
  while (const auto sample = order.claim()) {
    seen.emplace_back(sample->plan.info.sequence, sample->row);
    order.finish(*sample);
  }
  EXPECT_EQ(seen.size(), 2U * (10 + 5));
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST(ReadyOrder, APartOfAScheduleHasItsRowsHandedOutOnce) {
  const BatchSchedule whole = schedule();
  for (const std::uint64_t parts : {2, 3, 5}) {
    std::set<std::pair<std::uint64_t, std::uint32_t>> places;
    for (std::uint64_t number = 0; number < parts; ++number) {
      const BatchSchedule part = whole.part(number, parts);
      ReadyOrder order(part, 1000);
      std::vector<ReadyOrder::Sample> under_way;
      const auto finish_last = [&] {
        const ReadyOrder::Sample sample = under_way.back();
        under_way.pop_back();
        const ReadyOrder::Row place = order.finish(sample);
        EXPECT_EQ(place.plan.info.epoch, sample.plan.info.epoch);
        EXPECT_EQ(place.plan.info.split, sample.plan.info.split);
        EXPECT_LT(place.row, place.plan.info.count);
        EXPECT_TRUE(places.emplace(place.plan.info.sequence * parts + number, place.row).second);
      };
      while (const auto sample = order.claim()) {
        under_way.push_back(*sample);
        if (under_way.size() == 3) finish_last();
      }
      while (!under_way.empty()) finish_last();
    }
    EXPECT_EQ(places.size(), 2U * (10 + 5)) << parts;
  }
}

TEST(ReadyOrder, ASlowSampleLandsBehindTheOthersOfItsEpoch) {
  const BatchSchedule plan = schedule();
  ReadyOrder order(plan, 1000);
  const auto slow = order.claim();
  std::vector<ReadyOrder::Row> places;
  for (int i = 0; i < 9; ++i) places.push_back(order.finish(*order.claim()));
  EXPECT_EQ(places.front().plan.info.sequence, 0U);
  EXPECT_EQ(places.front().row, 0U);
  EXPECT_EQ(places.back().plan.info.sequence, 2U);
  EXPECT_EQ(places.back().row, 0U);
  // The validation comes next, and keeps its rows.
  const auto val = order.claim();
  EXPECT_EQ(order.finish(*val).plan.info.sequence, 3U);
  const ReadyOrder::Row last = order.finish(*slow);
  EXPECT_EQ(last.plan.info.sequence, 2U);
  EXPECT_EQ(last.row, 1U);
}

TEST(ReadyOrder, TheWindowHoldsOthersBack) {
  const BatchSchedule plan = schedule();
  ReadyOrder order(plan, 3);
  const auto slow = order.claim();
  for (int i = 0; i < 3; ++i) order.finish(*order.claim());
  std::atomic<bool> claimed{false};
  std::jthread other([&] {
    if (order.claim()) claimed = true;
  });
  std::this_thread::sleep_for(50ms);
  EXPECT_FALSE(claimed);
  order.finish(*slow);
  other.join();
  EXPECT_TRUE(claimed);
}

TEST(ReadyOrder, CancelWakesThoseWhoWait) {
  const BatchSchedule plan = schedule();
  ReadyOrder order(plan, 0);
  ASSERT_TRUE(order.claim());
  std::jthread other([&] { EXPECT_FALSE(order.claim()); });
  std::this_thread::sleep_for(20ms);
  order.cancel();
}

TEST(ReadyOrder, ThreadsTogetherFillEveryPlaceOnce) {
  const BatchSchedule plan = schedule();
  ReadyOrder order(plan, 6);
  std::mutex mutex;
  std::set<std::pair<std::uint64_t, std::uint32_t>> places;
  int finished = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        while (const auto sample = order.claim()) {
          std::this_thread::sleep_for(
              std::chrono::microseconds((sample->ticket * 7 + static_cast<unsigned>(t)) % 300));
          const ReadyOrder::Row place = order.finish(*sample);
          const std::lock_guard lock(mutex);
          EXPECT_EQ(place.plan.info.epoch, sample->plan.info.epoch);
          EXPECT_EQ(place.plan.info.split, sample->plan.info.split);
          places.emplace(place.plan.info.sequence, place.row);
          ++finished;
        }
      });
    }
  }
  EXPECT_EQ(finished, 30);
  EXPECT_EQ(places.size(), 30U);
}

}  // namespace
}  // namespace feedline

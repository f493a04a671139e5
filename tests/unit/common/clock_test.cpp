#include <feedline/common/clock.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace feedline {
namespace {

using namespace std::chrono_literals;

TEST(Clock, SecondsAndDurationsConvert) {
  EXPECT_DOUBLE_EQ(to_seconds(1500ms), 1.5);
  EXPECT_EQ(from_seconds(0.25), 250ms);
  EXPECT_EQ(from_seconds(-2.0), -2s);
}

TEST(Clock, SecondsSinceCountsFromTheStart) {
  EXPECT_GE(seconds_since(Clock::now() - 3s), 3.0);
  EXPECT_LT(seconds_since(Clock::now() + 3s), 0.0);
}

TEST(Deadline, PassesAtItsTimeAndKeepsWhatWasAllowed) {
  const Deadline far = Deadline::in(1000);
  EXPECT_FALSE(far.passed());
  EXPECT_EQ(far.allowed, 1000s);
  EXPECT_GT(far.at, Clock::now() + 900s);
  EXPECT_TRUE(Deadline::in(0).passed());
  EXPECT_TRUE(Deadline::in(-1).passed());
}

TEST(OwnTime, LeavesOutWhatIsTooLongBetweenTwoLooks) {
  const auto start = Clock::now();
  OwnTime time(2s, start);
  EXPECT_EQ(time.look(start), 0s);
  EXPECT_EQ(time.look(start + 1s), 1s);
  EXPECT_EQ(time.look(start + 3s), 3s);
  EXPECT_EQ(time.look(start + 1h), 5s);
  EXPECT_EQ(time.look(start + 1h + 1s), 6s);
}

TEST(Backoff, DoublesUpToTheLongestAndStartsAgain) {
  Backoff backoff(10us);
  EXPECT_EQ(backoff.next(), 1us);
  EXPECT_EQ(backoff.next(), 2us);
  EXPECT_EQ(backoff.next(), 4us);
  EXPECT_EQ(backoff.next(), 8us);
  EXPECT_EQ(backoff.next(), 10us);
  EXPECT_EQ(backoff.next(), 10us);
  backoff.reset();
  EXPECT_EQ(backoff.next(), 1us);
}

TEST(Backoff, SleepsAtLeastThePause) {
  Backoff backoff(20ms);
  while (backoff.next() < 20ms) {
  }
  const auto begin = Clock::now();
  backoff.sleep();
  EXPECT_GE(Clock::now() - begin, 20ms);
}

}  // namespace
}  // namespace feedline

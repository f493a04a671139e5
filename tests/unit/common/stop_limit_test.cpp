#include "child_process.hpp"
#include "sanitizer.hpp"

#include <feedline/common/stop.hpp>
#include <feedline/common/stop_limit.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

namespace feedline {
namespace {

using testing::ChildProcess;

constexpr int kEnded = 7;

void sleep_ms(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

void end(const std::string& what, double seconds) {
  _exit(what == "step 3" && seconds > 0.5 ? kEnded : kEnded + 1);
}

TEST(StopLimit, EndsWorkThatDoesNotEndAfterAStop) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    install_stop_signals();
    StopLimit limit(0.5, end);
    const StopLimit::Work work(&limit, "step {}", 3);
    sleep_ms(100);
    raise(SIGTERM);
    sleep_ms(20'000);
    return 0;
  });
  EXPECT_EQ(child.wait(), kEnded);
}

TEST(StopLimit, WorkThatEndsAfterAllWaitsForTheEnd) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    install_stop_signals();
    int after = 0;  // what the thread that works changes behind its work
    StopLimit limit(0.2, [&after](const std::string&, double) {
      sleep_ms(1000);
      _exit(after == 0 ? kEnded : kEnded + 1);
    });
    {
      const StopLimit::Work work(&limit, "step {}", 3);
      raise(SIGTERM);
      sleep_ms(700);
    }
    after = 1;
    sleep_ms(20'000);
    return 0;
  });
  EXPECT_EQ(child.wait(), kEnded);
}

TEST(StopLimit, LetsWorkTakeItsTimeWithoutAStop) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    install_stop_signals();
    StopLimit limit(0.2, end);
    const StopLimit::Work work(&limit, "step {}", 3);
    sleep_ms(700);
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(StopLimit, CountsEachPieceAnewAndNothingInBetween) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    install_stop_signals();
    StopLimit limit(1, end);
    raise(SIGTERM);
    for (int i = 0; i < 15; ++i) {
      const StopLimit::Work work(&limit, "step {}", 3);
      sleep_ms(100);
    }
    sleep_ms(1500);  // as for a checkpoint that is being written
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
}

}  // namespace
}  // namespace feedline

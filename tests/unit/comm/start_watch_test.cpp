#include "child_process.hpp"
#include "sanitizer.hpp"

#include <feedline/comm/start_watch.hpp>
#include <feedline/common/stop.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <future>
#include <string>
#include <thread>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using testing::ChildProcess;
using ::testing::HasSubstr;

/// Rank 0 of two, of a launcher whose processes cannot be found.
Launch of_two() {
  Launch launch;
  launch.under_launcher = true;
  launch.size = 2;
  return launch;
}

TEST(StartWatch, AStartThatDoesNotEndHasADeadline) {
  std::promise<StartEnd> end;
  StartLimits limits;
  limits.all = 0.2;
  const StartWatch watch(of_two(), limits, [&](const StartEnd& told) { end.set_value(told); });
  auto told = end.get_future();
  ASSERT_EQ(told.wait_for(10s), std::future_status::ready);
  const StartEnd value = told.get();
  EXPECT_EQ(value.code, ExitCode::kPeerLost);
  EXPECT_THAT(value.message, HasSubstr("Rank 0 waited"));
}

TEST(StartWatch, AStartThatMayLackMemoryEndsSoonerAndNamesTheLimit) {
  std::promise<StartEnd> end;
  StartLimits limits;
  limits.short_of_memory = 0.2;
  limits.memory_limit = "RLIMIT_AS (ulimit -v) is 781.2 MiB";
  const StartWatch watch(of_two(), limits, [&](const StartEnd& told) { end.set_value(told); });
  auto told = end.get_future();
  ASSERT_EQ(told.wait_for(10s), std::future_status::ready);
  const StartEnd value = told.get();
  EXPECT_EQ(value.code, ExitCode::kUsage);
  EXPECT_THAT(value.message, HasSubstr("RLIMIT_AS (ulimit -v) is 781.2 MiB"));
}

TEST(StartWatch, RanksThatHaveMetAreNotHurried) {
  bool told = false;
  StartLimits limits;
  limits.all = 0.2;
  StartWatch watch(of_two(), limits, [&](const StartEnd&) { told = true; });
  watch.ranks_have_met();
  std::this_thread::sleep_for(600ms);
  EXPECT_FALSE(told);
}

TEST(StartWatch, ARequestToStopEndsAStartThatDoesNotEnd) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    install_stop_signals();
    StartLimits limits;
    limits.stopping = 0.2;
    const StartWatch watch(of_two(), limits, [](const StartEnd& end) { _exit(static_cast<int>(end.code)); });
    raise(SIGTERM);
    std::this_thread::sleep_for(10s);
    return 1;
  });
  EXPECT_EQ(child.wait(), 75);
}

}  // namespace
}  // namespace feedline

#include "child_process.hpp"
#include "sanitizer.hpp"

#include <feedline/common/stop.hpp>

#include <gtest/gtest.h>

#include <csignal>

namespace feedline {
namespace {

using testing::ChildProcess;

class StopSignal : public ::testing::TestWithParam<int> {};

TEST_P(StopSignal, AsksAndDoesNotEnd) {
  FEEDLINE_NEEDS_FORK();
  const int number = GetParam();
  ChildProcess child([number] {
    if (stop_requested()) return 1;
    install_stop_signals();
    if (stop_requested()) return 2;
    raise(number);
    return stop_requested() ? 0 : 3;
  });
  EXPECT_EQ(child.wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(Signals, StopSignal, ::testing::Values(SIGTERM, SIGUSR1, SIGINT));

TEST(Stop, TwiceInterruptedEndsAtOnce) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    install_stop_signals();
    raise(SIGINT);
    raise(SIGINT);
    return 0;
  });
  EXPECT_EQ(child.wait(), 128 + SIGINT);
}

TEST(Stop, TwiceTerminatedIsStillARequest) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    install_stop_signals();
    raise(SIGTERM);
    raise(SIGTERM);
    return stop_requested() ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

}  // namespace
}  // namespace feedline

#include "child_process.hpp"
#include "sanitizer.hpp"

#include <feedline/common/stop.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

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

INSTANTIATE_TEST_SUITE_P(Signals, StopSignal, ::testing::Values(SIGTERM, SIGUSR1, SIGINT, SIGHUP));

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

TEST(Stop, InterruptedAfterAnotherProcessAskedIsARequest) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    install_stop_signals();
    request_stop();
    if (!stop_requested()) return 1;
    raise(SIGINT);
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
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

TEST(Stop, HeldSignalsAreRequestsOnceThereAreHandlers) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    hold_stop_signals();
    raise(SIGUSR1);
    raise(SIGTERM);
    install_stop_signals();
    return stop_requested() ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(Stop, UnderNohupHangingUpIsNoRequest) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    std::signal(SIGHUP, SIG_IGN);
    install_stop_signals();
    raise(SIGHUP);
    return stop_requested() ? 1 : 0;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(Stop, WhoReadsTheOutputMayLeave) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    install_stop_signals();
    raise(SIGPIPE);
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(Stop, ALateProcessEndsWithItsCode) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    end_process_in(1, ExitCode::kPeerLost);
    for (;;) pause();
    return 0;
  });
  EXPECT_EQ(child.wait(), 5);
}

}  // namespace
}  // namespace feedline

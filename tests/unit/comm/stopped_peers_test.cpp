#include "child_process.hpp"
#include "sanitizer.hpp"

#include <feedline/comm/stopped_peers.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <thread>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using testing::ChildProcess;
using ::testing::HasSubstr;

/// What is found within so long.
std::optional<std::string> watch(StoppedPeers& peers, std::chrono::milliseconds longest) {
  for (const auto end = Clock::now() + longest; Clock::now() < end; std::this_thread::sleep_for(5ms)) {
    if (auto found = peers.look()) return found;
  }
  return std::nullopt;
}

TEST(StoppedPeers, FindsTheOneThatIsStopped) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess busy([] {
    for (const auto end = Clock::now() + 10s; Clock::now() < end;) {
    }
    return 0;
  });
  ChildProcess stopped([] {
    raise(SIGSTOP);
    return 0;
  });
  StoppedPeers both({{1, busy.pid()}, {2, stopped.pid()}}, 0.3);
  const auto found = watch(both, 5s);
  ASSERT_TRUE(found);
  EXPECT_THAT(*found,
              HasSubstr("Rank 2 (process " + std::to_string(stopped.pid()) + ") has been stopped for 0.3 s"));
  kill(stopped.pid(), SIGCONT);
  StoppedPeers others({{1, busy.pid()}}, 0.3);
  EXPECT_EQ(watch(others, 800ms), std::nullopt) << "busy or waiting is not stopped";
  kill(busy.pid(), SIGKILL);
}

TEST(StoppedPeers, OneThatGoesOnInTimeIsWaitedFor) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    for (;;) pause();
    return 0;
  });
  StoppedPeers peers({{1, child.pid()}}, 0.6);
  for (int i = 0; i < 3; ++i) {
    kill(child.pid(), SIGSTOP);
    EXPECT_EQ(watch(peers, 300ms), std::nullopt);
    kill(child.pid(), SIGCONT);
    EXPECT_EQ(watch(peers, 300ms), std::nullopt);
  }
  kill(child.pid(), SIGKILL);
}

}  // namespace
}  // namespace feedline

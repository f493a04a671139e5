#include "child_process.hpp"
#include "sanitizer.hpp"

#include <feedline/comm/peer_monitor.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using testing::ChildProcess;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Collects the notices, which come from the monitor's thread.
class Notices {
 public:
  void add(const std::string& message) {
    const std::lock_guard lock(mutex_);
    messages_.push_back(message);
    changed_.notify_all();
  }

  /// All so far, once there are `count`; fewer after 10 s.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 10s, [&] { return messages_.size() >= count; });
    return messages_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> messages_;
};

int sleep_long() {
  for (;;) pause();
}

TEST(PeerMonitor, TellsOfADeathOnceAndNamesTheRank) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess first(sleep_long), second(sleep_long);
  Notices notices;
  const std::string second_pid = std::to_string(second.pid());
  const PeerMonitor monitor({{4, first.pid()}, {7, second.pid()}},
                            [&](const Loss& loss) { notices.add(loss.message); });
  second.kill(SIGKILL);
  EXPECT_THAT(notices.wait_for(1), ElementsAre(AllOf(HasSubstr("rank 7"), HasSubstr(second_pid))));
  second.wait();
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(notices.wait_for(1).size(), 1u);
  first.kill(SIGKILL);
  EXPECT_THAT(notices.wait_for(2), ElementsAre(HasSubstr("rank 7"), HasSubstr("rank 4")));
}

TEST(PeerMonitor, OneThatIsDeadAlreadyCounts) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] { return 0; });
  const int pid = child.pid();
  child.wait();
  Notices notices;
  const PeerMonitor monitor({{2, pid}}, [&](const Loss& loss) { notices.add(loss.message); });
  EXPECT_THAT(notices.wait_for(1), ElementsAre(HasSubstr("rank 2")));
}

TEST(PeerMonitor, DestructorDoesNotWaitForPeers) {
  Notices notices;
  for (int round = 0; round < 100; ++round) {
    const PeerMonitor monitor({{0, getpid()}}, [&](const Loss& loss) { notices.add(loss.message); });
  }
  {
    const PeerMonitor nobody({}, [](const Loss&) {});
  }
  EXPECT_TRUE(notices.wait_for(0).empty());
}

}  // namespace
}  // namespace feedline

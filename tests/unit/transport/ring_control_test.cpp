#include <feedline/transport/ring_control.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace feedline {
namespace {

using namespace std::chrono_literals;

TEST(RingEnd, StartsOpenAtZero) {
  const RingEnd end;
  EXPECT_EQ(end.state(), EndState::kOpen);
  EXPECT_EQ(end.count(), 0u);
}

TEST(RingEnd, FirstStateStays) {
  RingEnd end;
  end.set_state(EndState::kFailed, ExitCode::kBadData, "no such file");
  end.set_state(EndState::kLost, ExitCode::kPeerLost, "gone");
  end.set_state(EndState::kFinished);
  EXPECT_EQ(end.state(), EndState::kFailed);
  EXPECT_EQ(end.failure_code(), ExitCode::kBadData);
  EXPECT_EQ(end.failure_message(), "no such file");
}

TEST(RingEnd, LossAfterTheEndIsNoLoss) {
  RingEnd end;
  end.set_state(EndState::kFinished);
  end.set_state(EndState::kLost, ExitCode::kPeerLost, "gone");
  EXPECT_EQ(end.state(), EndState::kFinished);
}

TEST(RingEnd, FirstFailureOfManyThreadsIsToldWhole) {
  for (int round = 0; round < 200; ++round) {
    RingEnd end;
    const auto fail = [&](char letter, EndState state, ExitCode code) {
      end.set_state(state, code, std::string(500, letter).c_str());
    };
    std::thread other([&] { fail('a', EndState::kFailed, ExitCode::kBadData); });
    fail('b', EndState::kLost, ExitCode::kPeerLost);
    other.join();
    const bool failed = end.state() == EndState::kFailed;
    ASSERT_EQ(end.failure_message(), std::string(500, failed ? 'a' : 'b'));
    ASSERT_EQ(end.failure_code(), failed ? ExitCode::kBadData : ExitCode::kPeerLost);
  }
}

TEST(RingEnd, LongMessageIsCut) {
  RingEnd end;
  end.set_state(EndState::kFailed, ExitCode::kInternal, std::string(5000, 'x').c_str());
  const std::string message = end.failure_message();
  EXPECT_GT(message.size(), 900u);
  EXPECT_LT(message.size(), 1000u);
  EXPECT_EQ(message, std::string(message.size(), 'x'));
}

TEST(RingEnd, LongMessageIsNotCutInsideACharacter) {
  for (const std::string& start : {std::string(), std::string("x"), std::string("xy")}) {
    std::string text = start;
    while (text.size() < 2000) text += "\u20ac";  // three bytes
    RingEnd end;
    end.set_state(EndState::kFailed, ExitCode::kInternal, text.c_str());
    EXPECT_EQ((end.failure_message().size() - start.size()) % 3, 0u) << start;
    EXPECT_EQ(text.rfind(end.failure_message(), 0), 0u);
  }
}

TEST(RingEnd, WaitReturnsAtItsTimeout) {
  RingEnd end;
  const auto begin = Clock::now();
  end.wait(end.ticket(), 20ms);
  EXPECT_GE(Clock::now() - begin, 19ms);
}

TEST(RingEnd, WaitWithAnOldTicketOrNoTimeReturnsAtOnce) {
  RingEnd end;
  const std::uint32_t ticket = end.ticket();
  end.set_count(1);
  end.wait(ticket, 1h);
  end.wait(end.ticket(), 0ms);
  end.wait(end.ticket(), -1s);
}

TEST(RingEnd, WakeEndsAWait) {
  RingEnd end;
  const std::uint32_t ticket = end.ticket();
  std::thread waker([&] {
    std::this_thread::sleep_for(20ms);
    end.wake();
  });
  end.wait(ticket, 1h);
  waker.join();
}

// Each side waits an hour for the other's count, so one lost wake-up is a hang.
TEST(RingEnd, NoWakeUpIsLost) {
  constexpr std::uint64_t kRounds = 50'000;
  const auto ping = std::make_unique<RingEnd>();
  const auto pong = std::make_unique<RingEnd>();
  const auto await = [](RingEnd& end, std::uint64_t count) {
    for (;;) {
      const std::uint32_t ticket = end.ticket();
      if (end.count() >= count) return;
      end.wait(ticket, 1h);
    }
  };
  std::thread other([&] {
    for (std::uint64_t round = 1; round <= kRounds; ++round) {
      await(*ping, round);
      pong->set_count(round);
    }
  });
  for (std::uint64_t round = 1; round <= kRounds; ++round) {
    ping->set_count(round);
    await(*pong, round);
  }
  other.join();
  EXPECT_EQ(pong->count(), kRounds);
}

}  // namespace
}  // namespace feedline

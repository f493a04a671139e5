#include "child_process.hpp"
#include "numbered_batches.hpp"
#include "sanitizer.hpp"

#include <feedline/comm/peer_monitor.hpp>
#include <feedline/transport/shm.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <thread>

namespace feedline {
namespace {

using testing::ChildProcess;
using ::testing::HasSubstr;
using testing::numbered_spec;
using testing::receive_numbered;
using testing::send_numbered;
using ::testing::ThrowsMessage;

constexpr std::size_t kDepth = 3;

std::ptrdiff_t files_in_dev_shm() {
  return std::distance(std::filesystem::directory_iterator("/dev/shm"),
                       std::filesystem::directory_iterator());
}

/// What the child's limits on its own resources make of a ring of `bytes`.
int ring_under_limit(__rlimit_resource_t resource, rlim_t limit, std::uint32_t rows) {
  const rlimit limits{limit, limit};
  setrlimit(resource, &limits);
  try {
    ShmRing ring(numbered_spec(rows), 64);
    return 1;
  } catch (const UsageError& error) {
    return std::string(error.what()).find("--buffer-size") != std::string::npos ? 0 : 2;
  }
}

TEST(ShmRing, StreamsToAnotherProcess) {
  FEEDLINE_NEEDS_FORK();
  ShmRing made(numbered_spec(), kDepth);
  ChildProcess child([&] {
    RingReceiver receiver(open_shm_ring(made.address(), numbered_spec(), kDepth));
    return receive_numbered(receiver) == 200 ? 0 : 1;
  });
  RingSender sender(made.ring());
  EXPECT_EQ(send_numbered(sender, 0, 200), 200u);
  sender.finish();
  sender.drain();
  EXPECT_EQ(child.wait(), 0);
}

TEST(ShmRing, StreamsFromAnotherProcess) {
  FEEDLINE_NEEDS_FORK();
  ShmRing made(numbered_spec(), kDepth);
  ChildProcess child([&] {
    RingSender sender(open_shm_ring(made.address(), numbered_spec(), kDepth));
    send_numbered(sender, 0, 200);
    sender.finish();
    return 0;
  });
  RingReceiver receiver(made.ring());
  EXPECT_EQ(receive_numbered(receiver), 200u);
  EXPECT_FALSE(receiver.receive());
  EXPECT_EQ(child.wait(), 0);
}

TEST(ShmRing, OutlivesItsDescriptorAndLeavesNoFile) {
  const auto before = files_in_dev_shm();
  ShmRing made(numbered_spec(), kDepth);
  const auto opened = open_shm_ring(made.address(), numbered_spec(), kDepth);
  made.forget_fd();
  RingSender sender(made.ring());
  RingReceiver receiver(opened);
  send_numbered(sender, 0, kDepth);
  EXPECT_EQ(receive_numbered(receiver, 0, kDepth), kDepth);
  EXPECT_EQ(files_in_dev_shm(), before);
  EXPECT_THROW(open_shm_ring(made.address(), numbered_spec(), kDepth), PeerError);
}

TEST(ShmRing, RefusesWhatIsNotTheRing) {
  ShmRing made(numbered_spec(), kDepth);
  ShmAddress wrong_token = made.address();
  wrong_token.token ^= 1;
  EXPECT_THROW(open_shm_ring(wrong_token, numbered_spec(), kDepth), PeerError);
  EXPECT_THROW(open_shm_ring(made.address(), numbered_spec(), kDepth + 1), PeerError);
  ShmAddress no_process = made.address();
  no_process.pid = 0x7FFFFFF0;
  EXPECT_THAT([&] { open_shm_ring(no_process, numbered_spec(), kDepth); },
              ThrowsMessage<PeerError>(HasSubstr("2147483632")));
}

TEST(ShmRing, KilledSenderIsNoticedAndNamed) {
  FEEDLINE_NEEDS_FORK();
  const auto before = files_in_dev_shm();
  ShmRing made(numbered_spec(), kDepth);
  ChildProcess child([&] {
    RingSender sender(open_shm_ring(made.address(), numbered_spec(), kDepth));
    send_numbered(sender, 0, 1'000'000'000);
    return 0;
  });
  RingReceiver receiver(made.ring());
  const PeerMonitor monitor({{3, child.pid()}}, [&](const Loss& loss) { receiver.lose_peer(loss.message); });
  EXPECT_EQ(receive_numbered(receiver, 0, 50), 50u);
  child.kill(SIGKILL);
  const auto begin = Clock::now();
  EXPECT_THAT([&] { receive_numbered(receiver, 50); }, ThrowsMessage<PeerError>(HasSubstr("rank 3")));
  EXPECT_LT(seconds_since(begin), 10.0);
  EXPECT_EQ(files_in_dev_shm(), before);
}

TEST(ShmRing, KilledReceiverIsNoticedAndNamed) {
  FEEDLINE_NEEDS_FORK();
  ShmRing made(numbered_spec(), kDepth);
  ChildProcess child([&] {
    RingReceiver receiver(open_shm_ring(made.address(), numbered_spec(), kDepth));
    receive_numbered(receiver);
    return 0;
  });
  RingSender sender(made.ring());
  const PeerMonitor monitor({{1, child.pid()}}, [&](const Loss& loss) { sender.lose_peer(loss.message); });
  send_numbered(sender, 0, 50);
  child.kill(SIGKILL);
  EXPECT_THAT([&] { send_numbered(sender, 50, 1'000'000'000); },
              ThrowsMessage<PeerError>(HasSubstr("rank 1")));
}

// Kills the process at any point of telling why it failed: what it has begun to tell must not hide its loss.
TEST(ShmRing, DeathInTheMiddleOfAFailureIsStillALoss) {
  FEEDLINE_NEEDS_FORK();
  constexpr std::size_t kEnds = 2000;
  const std::string reason(2000, 'x');
  for (int round = 0; round < 30; ++round) {
    const UniqueFd fd(memfd_create("ends", MFD_CLOEXEC));
    ASSERT_EQ(ftruncate(fd.get(), sizeof(RingEnd) * kEnds), 0);
    const Mapping memory = Mapping::shared(fd.get(), sizeof(RingEnd) * kEnds);
    auto* ends = reinterpret_cast<RingEnd*>(memory.bytes().data());
    std::uninitialized_default_construct_n(ends, kEnds);
    ChildProcess child([&] {
      for (std::size_t i = 0; i < kEnds; ++i)
        ends[i].set_state(EndState::kFailed, ExitCode::kBadData, reason.c_str());
      return 0;
    });
    while (ends[static_cast<std::size_t>(round) * 10].state() == EndState::kOpen) {
    }
    child.kill(SIGKILL);
    child.wait();
    for (std::size_t i = 0; i < kEnds; ++i) {
      ends[i].set_state(EndState::kLost, ExitCode::kPeerLost, "Lost rank 0.");
      ASSERT_NE(ends[i].state(), EndState::kOpen) << "end " << i;
      ASSERT_FALSE(ends[i].failure_message().empty());
    }
  }
}

TEST(ShmRing, TooLargeAFileIsAUsageError) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] { return ring_under_limit(RLIMIT_FSIZE, 1 << 16, 1000); });
  EXPECT_EQ(child.wait(), 0);
}

TEST(ShmRing, TooLittleAddressSpaceIsAUsageError) {
  FEEDLINE_NEEDS_FORK();
  if (testing::kAddressSanitizer) GTEST_SKIP() << "AddressSanitizer needs its address space";
  ChildProcess child([] { return ring_under_limit(RLIMIT_AS, 300 << 20, 100'000); });
  EXPECT_EQ(child.wait(), 0);
}

}  // namespace
}  // namespace feedline

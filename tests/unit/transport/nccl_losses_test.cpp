#include "nccl_pair.hpp"
#include "ring_ends.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <thread>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::kHeaders;
using testing::kWords;
using testing::soon;
using ::testing::ThrowsMessage;

class NcclLosses : public testing::NcclPair {
 protected:
  void publish(std::uint64_t end) {
    for (std::uint64_t sequence = 0; sequence < end; ++sequence) {
      write(*sender_->acquire(sequence), sequence);
      sender_->publish(sequence);
    }
  }

  /// The receiver waits for a batch that does not come when it learns that the sender is gone.
  void expect_receiver_to_end() {
    std::thread loss = soon([&] { receiver_->lose_peer("Lost rank 0."); });
    EXPECT_THAT([&] { receiver_->receive(); }, ThrowsMessage<PeerError>("Lost rank 0."));
    loss.join();
    receiver_->join();
    sender_->lose_peer("over");
  }

  /// The sender waits for room when it learns that the receiver is gone.
  void expect_sender_to_end(std::uint64_t next) {
    std::thread loss = soon([&] { sender_->lose_peer("Lost rank 1."); });
    EXPECT_THAT([&] { sender_->acquire(next); }, ThrowsMessage<PeerError>("Lost rank 1."));
    loss.join();
    sender_->join();
    receiver_->lose_peer("over");
  }
};

TEST_F(NcclLosses, OfTheSenderBeforeItsFirstWord) {
  open(2);
  receiver_->start();
  expect_receiver_to_end();
}

TEST_F(NcclLosses, OfTheSenderBetweenHeaderAndTransfer) {
  links_[0]->stall_from(0);
  open(2);
  start();
  publish(1);
  std::this_thread::sleep_for(30ms);  // the receiver has asked for the transfer
  expect_receiver_to_end();
  EXPECT_TRUE(links_[1]->aborted());
}

TEST_F(NcclLosses, OfTheSenderInTheMiddleOfTheStream) {
  links_[0]->stall_from(5);
  open(2);
  start();
  std::thread sender = send_all(20);
  EXPECT_EQ(receive_all(0, 5), 5u);
  expect_receiver_to_end();
  sender_->cancel();
  EXPECT_TRUE(links_[1]->aborted());
  sender.join();
}

TEST_F(NcclLosses, OfTheSenderWhoseHeaderIsOnItsWay) {
  post_.hold(1, kHeaders);
  open(2);
  start();
  publish(1);
  expect_receiver_to_end();
}

TEST_F(NcclLosses, OfTheReceiverBeforeItsFirstCredit) {
  open(2);
  sender_->start();
  publish(2);
  expect_sender_to_end(2);
}

TEST_F(NcclLosses, OfTheReceiverThatHasReadTheHeaderOnly) {
  links_[1]->hold();
  open(2, 1);
  start();
  std::thread sender([&] { publish(3); });
  sender.join();
  while (sender_->view().released < 1) std::this_thread::sleep_for(1ms);  // one is copied and on its way
  expect_sender_to_end(3);
  EXPECT_TRUE(links_[0]->aborted());
}

TEST_F(NcclLosses, OfAReceiverThatIsFull) {
  open(2, 1);
  start();
  std::thread sender([&] { publish(3); });
  sender.join();
  expect_sender_to_end(3);
}

TEST_F(NcclLosses, ATransferThatDoesNotEndIsTold) {
  links_[0]->stall_from(0);
  open(2, 1, 0.1);
  start();
  publish(1);
  EXPECT_THAT([&] { receiver_->receive(); },
              ThrowsMessage<PeerError>(HasSubstr("for batch 0 from rank 0 over NCCL")));
  sender_->lose_peer("over");
}

// The first looks at the deadline after the stop find the transfer still under way.
TEST_F(NcclLosses, TimeInWhichThisProcessIsStoppedIsNoneThatATransferTook) {
  links_[0]->slow_down();
  open(2, 1, 2);
  start();
  publish(1);
  std::this_thread::sleep_for(30ms);  // both ends have asked for the transfer
  {
    const auto stopped = post_.stop();
    std::this_thread::sleep_for(2200ms);
  }
  std::this_thread::sleep_for(50ms);
  links_[0]->slow_down(false);
  EXPECT_EQ(receive_all(0, 1), 1u);
  write(*sender_->acquire(1), 1);
  sender_->publish(1);
  EXPECT_EQ(receive_all(1, 1), 1u);
}

TEST_F(NcclLosses, AHeaderOfAnotherTransferIsNotBegun) {
  int headers = 0;
  std::vector<std::byte> before;
  post_.intercept([&](int, int tag, std::vector<std::byte>& message) {
    if (tag == kHeaders && headers++ == 1) message = before;  // the first once more
    if (tag == kHeaders && headers == 1) before = message;
    return true;
  });
  open(4);
  start();
  publish(2);
  EXPECT_THAT([&] { receive_all(); }, ThrowsMessage<PeerError>(HasSubstr(
                                          "announced transfer 0 with batch 0 of 768 bytes; expected was "
                                          "transfer 1 with batch 1")));
  sender_->lose_peer("over");
}

TEST_F(NcclLosses, ADamagedAnnouncementIsNotBegun) {
  post_.intercept([](int, int tag, std::vector<std::byte>& message) {
    if (tag == kHeaders) message[8] ^= std::byte{4};
    return true;
  });
  open(4);
  start();
  publish(1);
  EXPECT_THAT([&] { receiver_->receive(); }, ThrowsMessage<PeerError>(HasSubstr("damaged on its way")));
  sender_->lose_peer("over");
}

TEST_F(NcclLosses, AnAnnouncementThereIsNoRoomForIsRefused) {
  std::atomic<int> headers{0};
  post_.intercept([&](int from, int tag, std::vector<std::byte>& message) {
    if (tag == kHeaders) ++headers;
    std::uint32_t kind = 0;
    std::memcpy(&kind, message.data(), sizeof kind);
    if (from == 1 && tag == kWords && kind == 1) {  // credits: ten more than there are
      std::uint64_t value = 0;
      std::memcpy(&value, message.data() + 8, sizeof value);
      value += 10;
      std::memcpy(message.data() + 8, &value, sizeof value);
    }
    return true;
  });
  open(4, 1);
  start();
  std::thread sender = send_all(4);
  while (headers < 2) std::this_thread::sleep_for(1ms);  // the second, before there is room for it
  EXPECT_THAT([&] { receive_all(0, 4); }, ThrowsMessage<PeerError>(HasSubstr("there is no room for it")));
  sender_->lose_peer("over");
  sender_->cancel();
  sender.join();
}

class NcclFailures : public NcclLosses, public ::testing::WithParamInterface<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Ends, NcclFailures, ::testing::Values(0, 1));

TEST_P(NcclFailures, OfADeviceAreToldAtBothEndsAndAreNoLosses) {
  open(2, 1);
  start();
  publish(1);
  EXPECT_EQ(receive_all(0, 1), 1u);
  links_[GetParam()]->break_device();
  try {
    receiver_->receive();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const RemoteError& error) {
    EXPECT_EQ(error.code(), ExitCode::kNoDevice);
    EXPECT_STREQ(error.what(), "Rank 0 failed to copy 1.0 KiB on cuda:0.");
  }
  EXPECT_THAT([&] { sender_->acquire(3); }, ThrowsMessage<RemoteError>(HasSubstr("failed to copy")));
  receiver_->join();
  sender_->join();
}

class NcclWarmUp : public ::testing::Test {
 protected:
  void warm_up_end(int end, double timeout = 30) {
    warm_up(links_[static_cast<std::size_t>(end)], device_, end, timeout, [this] {
      if (lost_) throw PeerError("Lost it.");
    });
  }

  std::atomic<bool> lost_{false};
  std::array<std::shared_ptr<testing::SocketLink>, 2> links_ = testing::SocketLink::pair();
  HostRuntime device_;
};

TEST_F(NcclWarmUp, GoesFromEndToEnd) {
  std::thread other([&] { warm_up_end(0); });
  warm_up_end(1);
  other.join();
}

TEST_F(NcclWarmUp, ALinkThatNeverConnectsHasADeadline) {
  links_[1]->hold();
  EXPECT_THAT([&] { warm_up_end(1, 0.05); },
              ThrowsMessage<PeerError>(HasSubstr("for the two GPUs to be connected")));
}

TEST_F(NcclWarmUp, ATransferThatNeverEndsHasADeadline) {
  EXPECT_THAT([&] { warm_up_end(1, 0.05); },
              ThrowsMessage<PeerError>(HasSubstr("for the first transfer to end")));
  EXPECT_TRUE(links_[1]->aborted());
}

TEST_F(NcclWarmUp, ALostPeerEndsIt) {
  links_[0]->hold();
  auto loss = soon([&] { lost_ = true; });
  EXPECT_THAT([&] { warm_up_end(0); }, ThrowsMessage<PeerError>("Lost it."));
  loss.join();
}

}  // namespace
}  // namespace feedline

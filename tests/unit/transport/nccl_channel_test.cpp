#include "nccl_pair.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::kHeaders;
using testing::kWords;
using ::testing::ThrowsMessage;

class NcclChannel : public testing::NcclPair {
 protected:
  /// Publishes `first` up to `end`, whose headers stay on their way.
  void publish_held(std::uint64_t first, std::uint64_t end) {
    post_.hold(1, kHeaders);
    for (std::uint64_t sequence = first; sequence < end; ++sequence) {
      write(*sender_->acquire(sequence), sequence);
      sender_->publish(sequence);
    }
  }

  /// Blocks until the receiver has most likely heard the sender's last word.
  void await_last_word() {
    while (!last_word_) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(30ms);
  }

  void open_with_words_ahead() {
    links_[0]->end_early();
    post_.intercept([&](int from, int tag, std::vector<std::byte>& message) {
      if (from == 0 && tag == kWords && message[0] == std::byte{8}) last_word_ = true;
      return true;
    });
    open(4);
    start();
  }

  std::atomic<bool> last_word_{false};
};

TEST_F(NcclChannel, BatchesComeWholeAndInOrderThroughRingsOfAnyDepth) {
  for (const std::size_t depth : {1, 2, 7}) {
    for (const std::size_t slots : {1, 3}) {
      links_ = testing::SocketLink::pair();
      open(depth, slots);
      start();
      std::thread sender = send_all(60);
      EXPECT_EQ(receive_all(), 60u) << depth << " slots, " << slots << " on the device";
      sender.join();
      receiver_->close();
      sender_->join();
      receiver_->join();
      EXPECT_EQ(sender_->stats().batches, 60u);
    }
  }
}

TEST_F(NcclChannel, TensorsAreOnTheDeviceAndTheHeaderHere) {
  open(2);
  start();
  std::thread sender = send_all(1);
  const auto slot = receiver_->receive();
  sender.join();
  ASSERT_TRUE(slot);
  EXPECT_EQ(slot->sample_ids()[1], 1u);
  EXPECT_NE(slot->tensor(0), slot->bytes().data() + slot->layout().offset(0));
}

TEST_F(NcclChannel, TheSendersThreadTakesTheDevice) {
  open(2);
  start();
  std::thread sender = send_all(2);
  EXPECT_EQ(receive_all(), 2u);
  sender.join();
  EXPECT_GE(device_->other_threads(), 1u) << "a GPU's other threads begin with GPU 0";
}

TEST_F(NcclChannel, NothingIsSentWithoutAFreeSlot) {
  constexpr std::uint64_t kRoom = 5;  // three at the sender, two on the device
  open(3, 2);
  start();
  std::thread sender = send_all(20);
  while (receiver_->ready() < 2 || sender_->view().published < kRoom) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(receiver_->ready(), 2u);
  EXPECT_EQ(sender_->view().published, kRoom);
  EXPECT_EQ(receive_all(), 20u);
  sender.join();
}

TEST_F(NcclChannel, APlaceIsNotOverwrittenBeforeItsUseIsDone) {
  open(8, 1);
  start();
  std::thread sender = send_all(2);
  std::atomic<bool> let_go{false}, right{false};
  auto first = receiver_->receive();
  ASSERT_TRUE(first);
  uses_.run([&, data = first->tensor(0)] {  // the header is not there any more once it is released
    let_go.wait(false);
    right = data[0] == testing::numbered_byte(0, 0);
  });
  first.release();  // asked for, not done
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(receiver_->ready(), 0u);
  let_go = true;
  let_go.notify_all();
  EXPECT_EQ(receive_all(1), 1u);
  EXPECT_TRUE(right);
  sender.join();
}

TEST_F(NcclChannel, ALinkThatIsNotReadyIsAskedForNothing) {
  for (const auto& link : links_) link->hold();
  open(4);
  start();
  std::thread sender = send_all(10);
  std::this_thread::sleep_for(30ms);
  EXPECT_EQ(receiver_->ready(), 0u);
  for (const auto& link : links_) link->hold(false);
  EXPECT_EQ(receive_all(), 10u);
  sender.join();
}

TEST_F(NcclChannel, HeadersThatComeLateLoseNoBatch) {
  post_.hold(1, kHeaders);
  open(4);
  start();
  std::thread sender = send_all(3);
  sender.join();
  std::this_thread::sleep_for(30ms);
  EXPECT_EQ(receiver_->ready(), 0u);
  post_.hold(1, kHeaders, false);
  EXPECT_EQ(receive_all(), 3u);
  EXPECT_FALSE(receiver_->wait_ready());
}

TEST_F(NcclChannel, TheEndMayBeToldBeforeTheLastHeadersAreThere) {
  open_with_words_ahead();
  write(*sender_->acquire(0), 0);
  sender_->publish(0);
  EXPECT_EQ(receive_all(0, 1), 1u);
  publish_held(1, 3);
  sender_->finish();
  await_last_word();
  EXPECT_EQ(receiver_->ready(), 0u);
  EXPECT_FALSE(receiver_->view().finished);
  post_.hold(1, kHeaders, false);
  EXPECT_EQ(receive_all(1), 2u);
  EXPECT_FALSE(receiver_->wait_ready());
  sender_->join();
  receiver_->join();
  EXPECT_FALSE(links_[0]->aborted() || links_[1]->aborted());
}

TEST_F(NcclChannel, AFailureMayBeToldBeforeTheLastHeadersAreThere) {
  open_with_words_ahead();
  publish_held(0, 3);
  while (sender_->view().released < 3) std::this_thread::sleep_for(1ms);  // all have left
  sender_->fail({ExitCode::kBadData, "a.wav is damaged"});
  await_last_word();
  EXPECT_THAT([&] { receiver_->receive(); }, ThrowsMessage<RemoteError>("a.wav is damaged"));
  auto sender_over = std::async(std::launch::async, [&] { sender_->join(); });
  EXPECT_EQ(sender_over.wait_for(100ms), std::future_status::timeout) << "the link is still needed";
  post_.hold(1, kHeaders, false);
  sender_over.get();
  receiver_->join();
  EXPECT_EQ(receiver_->view().published, 3u);
  EXPECT_FALSE(links_[0]->aborted() || links_[1]->aborted());
}

TEST_F(NcclChannel, WithoutCreditNothingLeaves) {
  post_.hold(0, kWords);
  open(2);
  start();
  std::thread sender = send_all(4);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(sender_->view().published, 2u);
  EXPECT_EQ(sender_->view().released, 0u);
  post_.hold(0, kWords, false);
  EXPECT_EQ(receive_all(), 4u);
  sender.join();
}

TEST_F(NcclChannel, APayloadThatArrivesDamagedIsSentOnceMore) {
  links_[0]->damage(3);
  open(4);
  start();
  std::thread sender = send_all(6);
  const std::jthread answers = keep_answering();
  sender.join();
  EXPECT_EQ(receive_all(), 6u);
}

TEST_F(NcclChannel, ADamagedHeaderCostsOneBatchAndNotTheChannel) {
  std::atomic<int> headers{0};
  post_.intercept([&](int, int tag, std::vector<std::byte>& message) {
    if (tag == kHeaders && headers++ == 2) message[100] ^= std::byte{1};  // behind what names the transfer
    return true;
  });
  open(4);
  start();
  std::thread sender = send_all(6);
  const std::jthread answers = keep_answering();
  sender.join();
  EXPECT_EQ(receive_all(), 6u);
  EXPECT_EQ(headers, 7);
}

TEST_F(NcclChannel, TwiceDamagedIsTheEnd) {
  links_[0]->damage(1, 2);
  open(1, 1);
  start();
  std::thread sender([&] {
    for (std::uint64_t sequence = 0; sequence < 2; ++sequence) {
      write(*sender_->acquire(sequence), sequence);
      sender_->publish(sequence);
    }
    while (!sender_->resend_request()) std::this_thread::sleep_for(1ms);
    answer();
  });
  EXPECT_EQ(receive_all(0, 1), 1u);
  EXPECT_THAT([&] { receiver_->receive(); }, ThrowsMessage<PeerError>(HasSubstr("damaged on its way")));
  sender.join();
  receiver_->fail({ExitCode::kPeerLost, "damaged"});
}

TEST_F(NcclChannel, TheTimelineShowsEachCopyAndTransferAndNoneOverAnother) {
  trace_ = std::make_unique<Trace>(Clock::now());
  open(4);
  start();
  std::thread sender = send_all(20);
  EXPECT_EQ(receive_all(), 20u);
  sender.join();
  receiver_->close();
  sender_->join();
  receiver_->join();
  ASSERT_EQ(trace_->lanes().size(), 3u);
  for (const TraceLane* lane : trace_->lanes()) {
    const auto events = lane->content().events;
    ASSERT_EQ(events.size(), 20u) << lane->name();
    for (std::size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].numbers[0], i) << lane->name();
      if (i == 0) continue;
      EXPECT_GE(events[i].begin, events[i - 1].begin + events[i - 1].length) << lane->name();
    }
  }
  EXPECT_GT(sender_->stats().device.transfers, 0);
  EXPECT_LE(sender_->stats().device.both, sender_->stats().device.transfers);
}

}  // namespace
}  // namespace feedline

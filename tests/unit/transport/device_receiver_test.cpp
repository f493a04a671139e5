#include "device_batches.hpp"
#include "ring_ends.hpp"
#include "watched_device.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/device/host_runtime.hpp>
#include <feedline/transport/device_receiver.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using testing::Ends;
using testing::numbered_spec;
using testing::send_numbered;

class DeviceReceiverTest : public testing::OnDevice {
 protected:
  void open(std::size_t depth, std::size_t slots = DeviceReceiver::kSlots) {
    ends_.emplace(depth);
    receiver_.reset();
    receiver_ = std::make_unique<DeviceReceiver>(std::make_shared<RingReceiver>(ends_->ring), runtime_,
                                                 *stream_, slots);
  }

  /// The batch as it is on the device, read by the stream that uses it.
  bool is_batch(const Slot& slot, std::uint64_t sequence) {
    return testing::is_numbered_on(*runtime_, *stream_, slot, sequence);
  }

  std::uint64_t receive_all() {
    std::uint64_t right = 0;
    while (const auto slot = receiver_->receive()) {
      if (!is_batch(*slot, right)) break;
      ++right;
    }
    return right;
  }

  std::optional<Ends> ends_;
  std::unique_ptr<DeviceReceiver> receiver_;
};

TEST_F(DeviceReceiverTest, BatchesComeWholeAndInOrderFromRingsOfAnyDepth) {
  for (const std::size_t depth : {1, 2, 7}) {
    for (const std::size_t slots : {1, 3}) {
      open(depth, slots);
      std::thread sender([&] {
        send_numbered(ends_->sender, 0, 100);
        ends_->sender.finish();
      });
      EXPECT_EQ(receive_all(), 100u) << depth << " slots, " << slots << " on the device";
      sender.join();
    }
  }
}

TEST_F(DeviceReceiverTest, TheThreadThatCopiesTakesTheDevice) {
  const auto watched = std::make_shared<testing::WatchedDevice>();
  ends_.emplace(2);
  HostStream uses;
  DeviceReceiver receiver(std::make_shared<RingReceiver>(ends_->ring), watched, uses);
  send_numbered(ends_->sender, 0, 1);
  ASSERT_TRUE(receiver.receive());
  EXPECT_EQ(watched->other_threads(), 1u) << "a GPU's other threads begin with GPU 0";
}

TEST_F(DeviceReceiverTest, TensorsAreOnTheDeviceAndTheHeaderHere) {
  open(2);
  send_numbered(ends_->sender, 0, 1);
  const auto slot = receiver_->receive();
  ASSERT_TRUE(slot);
  EXPECT_EQ(slot->device(), testing::test_device());
  EXPECT_EQ(slot->sample_ids()[1], 1u);
  EXPECT_NE(slot->tensor(0), slot->bytes().data() + slot->layout().offset(0));
}

TEST_F(DeviceReceiverTest, HostSlotsAreFreeOnceCopied) {
  open(2, 3);
  EXPECT_EQ(send_numbered(ends_->sender, 0, 3), 3u);  // waits for room, which nobody makes by using a batch
  while (ends_->ring->receiver().count() < 3) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(receiver_->ready(), 2u) << "at most the ring's depth";
}

TEST_F(DeviceReceiverTest, TheStreamsEndComesAfterTheLastBatch) {
  open(4);
  send_numbered(ends_->sender, 0, 2);
  ends_->sender.finish();
  EXPECT_EQ(receive_all(), 2u);
  EXPECT_FALSE(receiver_->wait_ready());
}

TEST_F(DeviceReceiverTest, AFailureComesAfterWhatWasSentBefore) {
  open(4);
  send_numbered(ends_->sender, 0, 3);
  while (ends_->ring->receiver().count() < 3) std::this_thread::sleep_for(1ms);  // all on the device
  ends_->sender.fail({ExitCode::kBadData, "a.wav is damaged"});
  for (std::uint64_t sequence = 0; sequence < 3; ++sequence) ASSERT_TRUE(receiver_->receive());
  EXPECT_THAT([&] { receiver_->receive(); }, ::testing::ThrowsMessage<RemoteError>("a.wav is damaged"));
}

TEST_F(DeviceReceiverTest, ALostSenderIsAPeerError) {
  open(4);
  auto loss = testing::soon([&] { receiver_->lose_peer("Lost rank 0."); });
  EXPECT_THAT([&] { receiver_->receive(); }, ::testing::ThrowsMessage<PeerError>("Lost rank 0."));
  loss.join();
}

TEST_F(DeviceReceiverTest, AnInterruptEndsAWait) {
  open(4);
  auto stop = testing::soon([&] { receiver_->ask_stop(); });
  EXPECT_FALSE(receiver_->receive());
  stop.join();
}

TEST_F(DeviceReceiverTest, ClosingEndsTheSenderAlsoWithBatchesOnTheirWay) {
  open(3);
  std::uint64_t sent = 0;
  std::thread sender([&] { sent = send_numbered(ends_->sender, 0, 1'000'000); });
  ASSERT_TRUE(receiver_->receive());
  receiver_->close();
  sender.join();
  EXPECT_LT(sent, 1'000'000u);
}

TEST_F(DeviceReceiverTest, GoingWithBatchesUnusedWaitsForNobody) {
  open(8);
  send_numbered(ends_->sender, 0, 8);
  const auto batch = receiver_->receive();
  ASSERT_TRUE(batch);
  receiver_.reset();
}

// On the stand-in, whose streams a test can hold up.
TEST(DeviceReceiverOrder, APlaceIsNotOverwrittenBeforeItsUseIsDone) {
  const auto runtime = std::make_shared<HostRuntime>();
  HostStream uses;
  Ends ends(8);
  DeviceReceiver receiver(std::make_shared<RingReceiver>(ends.ring), runtime, uses, 1);
  send_numbered(ends.sender, 0, 2);
  std::atomic<bool> let_go{false}, right{false};
  auto first = receiver.receive();
  ASSERT_TRUE(first);
  uses.run([&, data = first->tensor(0)] {  // the header is not there any more once it is released
    let_go.wait(false);
    right = data[0] == testing::numbered_byte(0, 0);
  });
  first.release();  // asked for, not done
  std::this_thread::sleep_for(30ms);
  let_go = true;
  let_go.notify_all();
  auto second = receiver.receive();
  ASSERT_TRUE(second);
  second.release();
  uses.wait();
  EXPECT_TRUE(right);
}

}  // namespace
}  // namespace feedline

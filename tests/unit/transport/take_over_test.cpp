#include "nccl_pair.hpp"

#include <feedline/transport/mpi.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <thread>

namespace feedline {
namespace {

using namespace std::chrono_literals;

/// Writes batches `first` up to `end` and says that there are no more.
void send_rest(BatchSender& sender, std::uint64_t first, std::uint64_t end) {
  for (std::uint64_t sequence = first; sequence < end; ++sequence) {
    testing::NcclPair::write_summed(*sender.acquire(sequence), sequence);
    sender.publish(sequence);
  }
  sender.finish();
}

void expect_wanted(BatchSender& sender, std::uint64_t sequence) {
  ASSERT_EQ(sender.resender()->resend_request(), sequence);
  testing::NcclPair::write_summed(sender.resender()->resend_slot(sequence), sequence);
  sender.resender()->publish_resend();
}

void await_wanted(BatchSender& sender) {
  while (!sender.resender()->resend_request()) std::this_thread::sleep_for(1ms);
}

/// Batches go to a device with room for three; the sender's process dies where the test says so.
class NcclTakeOver : public testing::NcclPair {
 protected:
  static constexpr std::uint64_t kEnd = 12;

  /// Four batches are on their way, of which that one arrives damaged.
  void send_damaged(std::uint64_t damaged) {
    links_[0]->damage(damaged);
    open(4);
    start();
    for (std::uint64_t sequence = 0; sequence < 4; ++sequence) {
      write(*sender_->acquire(sequence), sequence);
      sender_->publish(sequence);
    }
  }

  std::future<std::uint64_t> receive_beside() {
    return std::async(std::launch::async, [this] { return receive_all(); });
  }

  std::unique_ptr<RingSender> take_over() {
    sender_->lose_peer("died");
    return receiver_->take_over();
  }
};

TEST_F(NcclTakeOver, NothingIsTakenOverWhenAllHasBeenSent) {
  open(4, 2);
  start();
  std::thread sender = send_all(5);
  EXPECT_EQ(receive_all(0, 3), 3u);
  sender.join();
  while (receiver_->ready() < 2 || !receiver_->view().finished) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(take_over(), nullptr);
  EXPECT_EQ(receive_all(3), 2u);
}

TEST_F(NcclTakeOver, GoesOnWhereTheLostSenderWas) {
  open(4, 2);
  start();
  for (std::uint64_t sequence = 0; sequence < 4; ++sequence) {
    write(*sender_->acquire(sequence), sequence);
    sender_->publish(sequence);
  }
  EXPECT_EQ(receive_all(0, 2), 2u);
  while (receiver_->ready() < 2) std::this_thread::sleep_for(1ms);
  const auto ours = take_over();
  ASSERT_NE(ours, nullptr);
  EXPECT_TRUE(links_[1]->aborted());
  std::thread other([&] { send_rest(*ours, 4, kEnd); });
  EXPECT_EQ(receive_all(2), 10u);
  other.join();
}

TEST_F(NcclTakeOver, ABatchThatTheLostSenderWasAskedForAgainIsMadeHere) {
  send_damaged(1);
  auto received = receive_beside();
  await_wanted(*sender_);  // it dies without an answer
  const auto ours = take_over();
  ASSERT_NE(ours, nullptr);
  expect_wanted(*ours, 1);
  send_rest(*ours, receiver_->view().published, kEnd);
  EXPECT_EQ(received.get(), kEnd);
}

TEST_F(NcclTakeOver, ABatchThatIsOnItsWayAgainIsMadeHere) {
  links_[0]->stall_from(3);  // what is sent again
  send_damaged(2);
  auto received = receive_beside();
  await_wanted(*sender_);
  answer();
  std::this_thread::sleep_for(30ms);  // the receiver has asked for the transfer
  const auto ours = take_over();
  ASSERT_NE(ours, nullptr);
  expect_wanted(*ours, 2);
  send_rest(*ours, receiver_->view().published, kEnd);
  EXPECT_EQ(received.get(), kEnd);
}

TEST_F(NcclTakeOver, ABatchThatIsFoundDamagedLaterIsMadeHere) {
  send_damaged(1);
  while (receiver_->ready() < 3) std::this_thread::sleep_for(1ms);
  const auto ours = take_over();
  ASSERT_NE(ours, nullptr);
  auto received = receive_beside();
  await_wanted(*ours);
  expect_wanted(*ours, 1);
  send_rest(*ours, 3, kEnd);
  EXPECT_EQ(received.get(), kEnd);
}

TEST_F(NcclTakeOver, ABatchIsMadeHereAlsoWhenAllHadBeenSent) {
  send_damaged(2);
  sender_->finish();
  auto received = receive_beside();
  await_wanted(*sender_);
  while (!receiver_->view().finished) std::this_thread::sleep_for(1ms);
  const auto ours = take_over();
  ASSERT_NE(ours, nullptr);
  expect_wanted(*ours, 2);
  send_rest(*ours, 4, 4);
  EXPECT_EQ(received.get(), 4u);
}

TEST(MpiTakeOver, ABatchThatTheLostSenderWasAskedForAgainIsMadeHere) {
  testing::FakePost post;
  MpiChannelOptions options;
  options.ring.checks = ChecksumKind::kSum;
  options.ring.receive_timeout = 30;
  options.peer = 1;
  MpiSender sender(post.end(0), testing::numbered_spec(), 4, options);
  options.peer = 0;
  MpiReceiver receiver(post.end(1), testing::numbered_spec(), 4, options);
  sender.start();
  receiver.start();
  const auto slot = *sender.acquire(0);
  testing::NcclPair::write_summed(slot, 0);
  slot.row(0, 1)[0] ^= std::byte{1};
  sender.publish(0);
  auto received = std::async(std::launch::async, [&] { return testing::receive_numbered(receiver); });
  await_wanted(sender);  // it dies without an answer
  sender.lose_peer("died");
  const auto ours = receiver.take_over();
  ASSERT_NE(ours, nullptr);
  expect_wanted(*ours, 0);
  send_rest(*ours, 1, 6);
  EXPECT_EQ(received.get(), 6u);
  receiver.close();
}

}  // namespace
}  // namespace feedline

#include "ring_ends.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/transport/interleaved_receiver.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using testing::Ends;
using testing::numbered_byte;
using testing::send_numbered;

class Interleaved : public ::testing::Test {
 protected:
  void open(std::size_t channels, std::size_t depth) {
    std::vector<ReceivingEnd> receivers;
    for (std::size_t i = 0; i < channels; ++i) {
      ends_.push_back(std::make_unique<Ends>(depth));
      receivers.emplace_back(std::make_shared<RingReceiver>(ends_.back()->ring));
    }
    receiver_ = std::make_unique<InterleavedReceiver>(std::move(receivers));
  }

  std::vector<std::unique_ptr<Ends>> ends_;
  std::unique_ptr<InterleavedReceiver> receiver_;
};

TEST_F(Interleaved, BatchesComeInTurnsWithTheirNumbersInTheWholeStream) {
  open(3, 2);
  std::vector<std::thread> senders;
  for (std::uint64_t channel = 0; channel < 3; ++channel) {
    senders.emplace_back([this, channel] {
      send_numbered(ends_[channel]->sender, 0, channel == 0 ? 41 : 40);  // 121 in all
      ends_[channel]->sender.finish();
    });
  }
  std::uint64_t received = 0;
  while (const auto slot = receiver_->receive()) {
    EXPECT_EQ(slot.sequence(), received);
    EXPECT_EQ(slot->row(0, 1)[0], numbered_byte(received / 3, 1));
    ++received;
  }
  EXPECT_EQ(received, 121u);
  EXPECT_EQ(receiver_->stats().batches, 121u);
  for (std::thread& sender : senders) sender.join();
}

TEST_F(Interleaved, ReadyIsWhatCanBeTakenWithoutAWait) {
  open(3, 4);
  EXPECT_EQ(receiver_->depth(), 12u);
  EXPECT_EQ(receiver_->ready(), 0u);
  send_numbered(ends_[0]->sender, 0, 2);
  EXPECT_EQ(receiver_->ready(), 1u);
  send_numbered(ends_[1]->sender, 0, 4);
  EXPECT_EQ(receiver_->ready(), 2u);
  send_numbered(ends_[2]->sender, 0, 1);
  EXPECT_EQ(receiver_->ready(), 5u) << "0 1 2 0 1, and then the third has none";
  receiver_->receive();
  EXPECT_EQ(receiver_->ready(), 4u);
}

TEST_F(Interleaved, ItsViewIsThatOfOneStream) {
  open(2, 4);
  send_numbered(ends_[1]->sender, 0, 3);
  EXPECT_EQ(receiver_->view().published, 0u);
  send_numbered(ends_[0]->sender, 0, 2);
  EXPECT_EQ(receiver_->view().published, 4u);
  receiver_->receive();
  EXPECT_EQ(receiver_->view().released, 1u);
  EXPECT_EQ(receiver_->view().depth, 8u);
  EXPECT_FALSE(receiver_->view().finished);
  for (const auto& each : ends_) each->sender.finish();
  EXPECT_TRUE(receiver_->view().finished);
  EXPECT_EQ(receiver_->memory().size(), 2u);
}

TEST_F(Interleaved, ALossIsToldWhereItIsThatOnesTurn) {
  open(2, 4);
  send_numbered(ends_[0]->sender, 0, 2);
  ends_[1]->ring->lose_sender("Lost rank 1.");
  ASSERT_TRUE(receiver_->receive());
  EXPECT_THROW(receiver_->receive(), PeerError);
}

TEST_F(Interleaved, TheEndsAreClosedTogether) {
  open(2, 1);
  receiver_->close();
  for (const auto& each : ends_) EXPECT_FALSE(each->sender.acquire(0));
}

TEST_F(Interleaved, AnInterruptEndsTheWaitForAnyOfThem) {
  open(2, 1);
  std::thread other([this] { receiver_->ask_stop(); });
  EXPECT_FALSE(receiver_->receive());
  other.join();
}

}  // namespace
}  // namespace feedline

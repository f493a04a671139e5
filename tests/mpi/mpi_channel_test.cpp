#include "mpi_channel.hpp"

#include "numbered_batches.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/common/resources.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <thread>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using testing::MpiChannel;
using testing::numbered_spec;
using testing::receive_numbered;
using testing::send_numbered;

struct Shape {
  std::size_t sender_depth, receiver_depth;
};

class MpiChannelDepths : public MpiChannel, public ::testing::WithParamInterface<Shape> {
 protected:
  void stream(std::uint64_t batches, std::chrono::microseconds producing,
              std::chrono::microseconds consuming) {
    open(GetParam().sender_depth, GetParam().receiver_depth);
    start();
    if (sender_) {
      for (std::uint64_t sequence = 0; sequence < batches; ++sequence) {
        ASSERT_EQ(send_numbered(*sender_, sequence, sequence + 1), 1u);
        if (producing.count() > 0) std::this_thread::sleep_for(producing);
      }
      sender_->finish();
      sender_->drain();
    } else {
      for (std::uint64_t sequence = 0; sequence < batches; ++sequence) {
        ASSERT_EQ(receive_numbered(*receiver_, sequence, 1), 1u) << sequence;
        if (consuming.count() > 0) std::this_thread::sleep_for(consuming);
      }
      EXPECT_FALSE(receiver_->receive());
      EXPECT_EQ(receiver_->stats().batches, batches);
      receiver_->close();
    }
    shut();
  }
};
INSTANTIATE_TEST_SUITE_P(Depths, MpiChannelDepths,
                         ::testing::Values(Shape{1, 1}, Shape{1, 3}, Shape{1, 8}, Shape{3, 1}, Shape{3, 3},
                                           Shape{3, 8}, Shape{8, 1}, Shape{8, 3}, Shape{8, 8}));

TEST_P(MpiChannelDepths, StreamArrivesInOrderAndEnds) {
  stream(500, 0us, 0us);
}
TEST_P(MpiChannelDepths, SlowConsumer) {
  stream(100, 0us, 1ms);
}
TEST_P(MpiChannelDepths, SlowProducer) {
  stream(100, 1ms, 0us);
}

TEST_P(MpiChannelDepths, LargeBatches) {
  spec_ = numbered_spec(4, 300'000);
  stream(60, 0us, 0us);
}

TEST_F(MpiChannel, EmptyStream) {
  open(2, 2);
  start();
  if (sender_) sender_->finish();
  if (receiver_) {
    EXPECT_FALSE(receiver_->wait_ready());
    EXPECT_FALSE(receiver_->receive());
    receiver_->close();
  }
  shut();
}

TEST_F(MpiChannel, WhatIsPublishedBeforeTheStartIsSent) {
  open(4, 4);
  if (sender_) send_numbered(*sender_, 0, 4);
  start();
  if (sender_) sender_->finish();
  if (receiver_) {
    EXPECT_EQ(receive_numbered(*receiver_), 4u);
    receiver_->close();
  }
  shut();
}

TEST_F(MpiChannel, NothingIsSentWithoutAFreeSlot) {
  constexpr std::uint64_t kSlots = 5;  // three at the sender, two at the receiver
  open(3, 2);
  start();
  if (sender_) {
    EXPECT_EQ(send_numbered(*sender_, 0, kSlots), kSlots);
    for (int look = 0; look < 100; ++look, std::this_thread::sleep_for(1ms)) {
      ASSERT_FALSE(sender_->try_acquire(kSlots));
    }
    sender_->finish();
  } else {
    while (receiver_->ready() < 2) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(500ms);
    EXPECT_EQ(receiver_->ready(), 2u);
    EXPECT_EQ(receive_numbered(*receiver_), kSlots);
    receiver_->close();
  }
  shut();
}

TEST_F(MpiChannel, LinkStatsCountBytes) {
  spec_ = numbered_spec(16, 100'000);
  open(4, 4);
  start();
  if (sender_) {
    send_numbered(*sender_, 0, 20);
    sender_->finish();
    sender_->join();
    EXPECT_EQ(sender_->stats().batches, 20u);
    EXPECT_EQ(sender_->stats().bytes, 20 * spec_.slot_bytes());
    EXPECT_GT(sender_->stats().seconds, 0.0);
  } else {
    EXPECT_EQ(receive_numbered(*receiver_), 20u);
    EXPECT_EQ(receiver_->stats().bytes, 20 * spec_.slot_bytes());
    receiver_->close();
  }
  shut();
}

TEST_F(MpiChannel, TimeBeforeTheStartIsNotSilence) {
  MpiChannelOptions options;
  options.silence_timeout = 1.5;
  open(2, 2, options);
  std::this_thread::sleep_for(1700ms);
  communicator_.barrier(30, "both to start");
  start();
  if (sender_) {
    EXPECT_EQ(send_numbered(*sender_, 0, 10), 10u);
    sender_->finish();
  } else {
    EXPECT_EQ(receive_numbered(*receiver_), 10u);
    receiver_->close();
  }
  shut();
}

// The goal is 2 % of a core; the bound leaves room for a busy machine.
TEST_F(MpiChannel, IdleEndsLeaveTheCpuFree) {
  MpiChannelOptions options;
  options.ring.receive_timeout = 1.5;
  open(2, 2, options);
  start();
  const double cpu = process_cpu_seconds();
  const auto begin = Clock::now();
  if (sender_) std::this_thread::sleep_for(1500ms);
  if (receiver_) {
    EXPECT_THROW(receiver_->receive(), PeerError);
  }
  const double share = (process_cpu_seconds() - cpu) / seconds_since(begin);
  std::printf("an idle %s uses %.2f %% of a core\n", sender_ ? "MpiSender" : "waiting MpiReceiver",
              100 * share);
  EXPECT_LT(share, 0.05);
  if (sender_) sender_->finish();
  if (receiver_) receiver_->close();
  shut();
}

}  // namespace
}  // namespace feedline

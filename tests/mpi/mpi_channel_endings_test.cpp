#include "mpi_channel.hpp"
#include "numbered_batches.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

namespace feedline {
namespace {

using ::testing::HasSubstr;
using testing::numbered_spec;
using testing::receive_numbered;
using testing::send_numbered;
using ::testing::ThrowsMessage;

class MpiChannelEndings : public testing::MpiChannel {};

TEST_F(MpiChannelEndings, ReceiverThatClosesEarlyEndsTheSender) {
  for (const std::size_t rows : {4, 4000}) {
    spec_ = numbered_spec(static_cast<std::uint32_t>(rows));
    open(8, 3);
    start();
    if (sender_) {
      EXPECT_LT(send_numbered(*sender_, 0, 1'000'000), 1'000'000u);
      sender_->drain();
      sender_->finish();
    } else {
      EXPECT_EQ(receive_numbered(*receiver_, 0, 5), 5u);
      receiver_->close();
    }
    shut();
  }
}

TEST_F(MpiChannelEndings, SenderThatFailsTellsTheReceiver) {
  open(4, 4);
  start();
  if (sender_) {
    send_numbered(*sender_, 0, 3);
    sender_->fail({ExitCode::kBadData, "train-images[3] is damaged"});
  } else {
    try {
      receive_numbered(*receiver_);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const RemoteError& error) {
      EXPECT_EQ(error.code(), ExitCode::kBadData);
      EXPECT_STREQ(error.what(), "train-images[3] is damaged");
    }
    receiver_->close();
  }
  shut();
}

// Slots are freed at the receiver while the sender's last word is on its way: the credits that come with them
// must not make it send a batch that nobody takes any more.
TEST_F(MpiChannelEndings, SenderThatFailsWithBatchesUnsentEnds) {
  spec_ = numbered_spec(4, 300'000);
  for (int round = 0; round < 100; ++round) {
    open(8, 1);
    start();
    if (sender_) {
      send_numbered(*sender_, 0, static_cast<std::uint64_t>(round % 8));
      send_numbered(*sender_, static_cast<std::uint64_t>(round % 8), 8);
      sender_->fail({ExitCode::kBadData, "bad"});
    } else {
      EXPECT_THROW(receive_numbered(*receiver_), RemoteError);
    }
    shut();
  }
}

TEST_F(MpiChannelEndings, ReceiverThatFailsTellsTheSender) {
  open(4, 4);
  start();
  if (sender_) {
    try {
      send_numbered(*sender_, 0, 1'000'000);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const RemoteError& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage);
      EXPECT_STREQ(error.what(), "the model's output has another shape");
    }
    sender_->fail({ExitCode::kUsage, "echo"});
  } else {
    receive_numbered(*receiver_, 0, 3);
    receiver_->fail({ExitCode::kUsage, "the model's output has another shape"});
  }
  shut();
}

TEST_F(MpiChannelEndings, EndsThatGoWithoutAWordEndTheChannel) {
  open(4, 4);
  start();
  if (sender_) send_numbered(*sender_, 0, 2);
  sender_.reset();
  receiver_.reset();
  communicator_.barrier(30, "both ends to go");
}

TEST_F(MpiChannelEndings, SilentPeerIsLost) {
  MpiChannelOptions options;
  options.silence_timeout = 0.3;
  open(2, 2, options);
  if (sender_) {
    sender_->start();
    EXPECT_THAT([&] { send_numbered(*sender_, 0, 10); }, ThrowsMessage<PeerError>(HasSubstr("rank 1")));
  }
  shut();
}

TEST_F(MpiChannelEndings, LostPeerEndsBothEnds) {
  open(2, 2);
  start();
  if (sender_) {
    sender_->lose_peer("Lost rank 1.");
    EXPECT_THAT([&] { send_numbered(*sender_, 0, 10); }, ThrowsMessage<PeerError>("Lost rank 1."));
  } else {
    receiver_->lose_peer("Lost rank 0.");
    EXPECT_THAT([&] { receive_numbered(*receiver_); }, ThrowsMessage<PeerError>("Lost rank 0."));
  }
  shut();
}

}  // namespace
}  // namespace feedline

#include "numbered_batches.hpp"
#include "ring_ends.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <thread>

namespace feedline {
namespace {

using ::testing::AllOf;
using testing::Ends;
using ::testing::HasSubstr;
using testing::receive_numbered;
using testing::send_numbered;
using testing::soon;
using ::testing::ThrowsMessage;

RingOptions impatient() {
  RingOptions options;
  options.receive_timeout = 0.02;
  options.acquire_timeout = 0.02;
  options.sender_name = "rank 0 (data)";
  options.receiver_name = "rank 1 (model)";
  return options;
}

TEST(SlotRingEndings, CancelWakesAcquireForGood) {
  Ends ends(1);
  send_numbered(ends.sender, 0, 1);
  std::thread cancelling = soon([&] { ends.sender.cancel(); });
  EXPECT_FALSE(ends.sender.acquire(1));
  cancelling.join();
  EXPECT_FALSE(ends.sender.acquire(1));
  EXPECT_FALSE(ends.sender.try_acquire(0));
}

TEST(SlotRingEndings, EndOfStreamComesAfterWhatWasPublished) {
  Ends ends(4);
  send_numbered(ends.sender, 0, 3);
  ends.sender.finish();
  EXPECT_EQ(receive_numbered(ends.receiver), 3u);
  EXPECT_FALSE(ends.receiver.receive());
}

TEST(SlotRingEndings, EmptyStreamEnds) {
  Ends ends(2);
  std::thread finishing = soon([&] { ends.sender.finish(); });
  EXPECT_FALSE(ends.receiver.receive());
  finishing.join();
}

TEST(SlotRingEndings, FailureOfTheSenderIsToldTheReceiver) {
  Ends ends(2);
  std::thread failing = soon([&] { ends.sender.fail({ExitCode::kBadData, "bad file"}); });
  try {
    ends.receiver.receive();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const RemoteError& error) {
    EXPECT_EQ(error.code(), ExitCode::kBadData);
    EXPECT_STREQ(error.what(), "bad file");
  }
  failing.join();
}

TEST(SlotRingEndings, FailureOfTheReceiverIsToldTheSender) {
  Ends ends(1);
  send_numbered(ends.sender, 0, 1);
  std::thread failing = soon([&] { ends.receiver.fail({ExitCode::kUsage, "bad model"}); });
  try {
    ends.sender.acquire(1);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const RemoteError& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_STREQ(error.what(), "bad model");
  }
  EXPECT_THROW(ends.sender.drain(), RemoteError);
  failing.join();
}

TEST(SlotRingEndings, LossOfTheSenderWakesTheReceiver) {
  Ends ends(2);
  std::thread losing = soon([&] { ends.receiver.lose_peer("Lost rank 0."); });
  EXPECT_THAT([&] { ends.receiver.receive(); }, ThrowsMessage<PeerError>("Lost rank 0."));
  losing.join();
}

TEST(SlotRingEndings, LossOfTheReceiverWakesTheSender) {
  Ends ends(1);
  send_numbered(ends.sender, 0, 1);
  std::thread losing = soon([&] { ends.sender.lose_peer("Lost rank 1."); });
  EXPECT_THAT([&] { ends.sender.acquire(1); }, ThrowsMessage<PeerError>("Lost rank 1."));
  losing.join();
}

TEST(SlotRingEndings, WaitsNameWhatTheyAwait) {
  Ends ends(1, impatient());
  EXPECT_THAT([&] { ends.receiver.receive(); },
              ThrowsMessage<PeerError>(AllOf(HasSubstr("batch 0"), HasSubstr("rank 0 (data)"))));
  send_numbered(ends.sender, 0, 1);
  EXPECT_THAT([&] { ends.sender.acquire(1); },
              ThrowsMessage<PeerError>(AllOf(HasSubstr("batch 0"), HasSubstr("rank 1 (model)"))));
  EXPECT_THAT([&] { ends.sender.drain(); }, ThrowsMessage<PeerError>(HasSubstr("rank 1 (model)")));
}

TEST(SlotRingEndings, DrainWaitsForTheLastRelease) {
  Ends ends(2);
  ends.sender.drain();
  send_numbered(ends.sender, 0, 2);
  std::atomic<bool> released{false};
  std::thread receiving = soon([&] {
    auto first = ends.receiver.receive(), second = ends.receiver.receive();
    first.release();
    released = true;
    second.release();
  });
  ends.sender.drain();
  EXPECT_TRUE(released);
  receiving.join();
}

TEST(SlotRingEndings, CloseEndsTheSender) {
  Ends ends(1);
  send_numbered(ends.sender, 0, 1);
  std::thread closing = soon([&] { ends.receiver.close(); });
  EXPECT_FALSE(ends.sender.acquire(1));
  ends.sender.drain();
  closing.join();
}

TEST(SlotRingEndings, CancelRacesWithEveryAcquire) {
  for (int round = 0; round < 300; ++round) {
    Ends ends(1);
    std::thread sending([&] { send_numbered(ends.sender, 0, 1'000'000); });
    receive_numbered(ends.receiver, 0, static_cast<std::uint64_t>(round % 7));
    ends.sender.cancel();
    sending.join();
  }
}

TEST(SlotRingEndings, InterruptEndsAWaitButLosesNoBatch) {
  Ends ends(4);
  send_numbered(ends.sender, 0, 2);
  std::thread interrupting = soon([&] { ends.receiver.ask_stop(); });
  EXPECT_EQ(receive_numbered(ends.receiver), 2u);
  interrupting.join();
  EXPECT_FALSE(ends.receiver.wait_ready());
  send_numbered(ends.sender, 2, 3);
  EXPECT_TRUE(ends.receiver.wait_ready()) << "what is there is still received";
}

TEST(SlotRingEndings, EachEndSeesThatTheOtherIsAskedToStop) {
  Ends ends(2);
  EXPECT_FALSE(ends.sender.view().stopping);
  EXPECT_FALSE(ends.receiver.view().stopping);
  ends.receiver.ask_stop();
  EXPECT_TRUE(ends.sender.view().stopping);
  EXPECT_FALSE(ends.receiver.view().stopping);
  ends.sender.ask_stop();
  EXPECT_TRUE(ends.receiver.view().stopping);
}

TEST(SlotRingEndings, AStopThatTheSenderIsAskedForEndsTheWait) {
  Ends ends(2);
  EXPECT_FALSE(ends.receiver.stop_asked());
  std::thread asking = soon([&] { ends.sender.ask_stop(); });
  EXPECT_FALSE(ends.receiver.receive());
  asking.join();
  EXPECT_TRUE(ends.receiver.stop_asked());
}

TEST(SlotRingEndings, WhoTakesOverGoesOnBehindWhatWasPublished) {
  Ends ends(4);
  send_numbered(ends.sender, 0, 3);
  const std::unique_ptr<BatchSender> sender = ends.receiver.take_over();
  ASSERT_TRUE(sender);
  std::thread going_on = soon([&] {
    send_numbered(*sender, 3, 8);
    sender->finish();
  });
  EXPECT_EQ(receive_numbered(ends.receiver), 8u);
  going_on.join();
  EXPECT_FALSE(ends.receiver.view().beats) << "it gives no signs of life of another process";
}

TEST(SlotRingEndings, NobodyTakesOverFromASenderThatHadFinished) {
  Ends ends(4);
  send_numbered(ends.sender, 0, 2);
  ends.sender.finish();
  EXPECT_FALSE(ends.receiver.take_over());
  EXPECT_EQ(receive_numbered(ends.receiver), 2u);
}

}  // namespace
}  // namespace feedline

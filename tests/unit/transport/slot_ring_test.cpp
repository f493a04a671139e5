#include "numbered_batches.hpp"
#include "ring_ends.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>

namespace feedline {
namespace {

using testing::Ends;
using ::testing::HasSubstr;
using testing::numbered_spec;
using testing::receive_numbered;
using testing::send_numbered;
using testing::soon;
using ::testing::ThrowsMessage;
using testing::write_numbered;

class SlotRingDepth : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Depths, SlotRingDepth, ::testing::Values(1, 2, 50));

TEST_P(SlotRingDepth, StreamArrivesInOrderAndEnds) {
  Ends ends(GetParam());
  std::thread sending([&] {
    EXPECT_EQ(send_numbered(ends.sender, 0, 500), 500u);
    ends.sender.finish();
  });
  EXPECT_EQ(receive_numbered(ends.receiver), 500u);
  EXPECT_FALSE(ends.receiver.receive());
  EXPECT_FALSE(ends.receiver.wait_ready());
  sending.join();
  EXPECT_EQ(ends.sender.stats().batches, 500u);
  EXPECT_EQ(ends.receiver.stats().bytes, 500 * numbered_spec().slot_bytes());
}

// Seen from a third thread while both ends go on: the two counts are not read at the same moment.
TEST_P(SlotRingDepth, WaitingNeverPassesTheDepth) {
  Ends ends(GetParam());
  std::atomic<bool> done{false};
  std::thread sending([&] {
    send_numbered(ends.sender, 0, 20'000);
    ends.sender.finish();
  });
  std::thread watching([&] {
    std::size_t most = 0;
    while (!done) most = std::max(most, ends.sender.waiting());
    EXPECT_LE(most, GetParam());
  });
  EXPECT_EQ(receive_numbered(ends.receiver), 20'000u);
  done = true;
  sending.join();
  watching.join();
  EXPECT_EQ(ends.sender.waiting(), 0u);
}

TEST_P(SlotRingDepth, HoldsExactlyItsDepth) {
  const std::size_t depth = GetParam();
  Ends ends(depth);
  EXPECT_EQ(ends.sender.depth(), depth);
  send_numbered(ends.sender, 0, depth);
  EXPECT_FALSE(ends.sender.try_acquire(depth));
  EXPECT_EQ(ends.receiver.ready(), depth);
  auto batch = ends.receiver.receive();
  ASSERT_TRUE(batch);
  EXPECT_FALSE(ends.sender.try_acquire(depth)) << "received, but still being read";
  batch.release();
  EXPECT_TRUE(ends.sender.try_acquire(depth));
  EXPECT_EQ(ends.receiver.ready(), depth - 1);
}

TEST_P(SlotRingDepth, AcquireBlocksUntilRelease) {
  const std::size_t depth = GetParam();
  Ends ends(depth);
  send_numbered(ends.sender, 0, depth);
  std::atomic<bool> released{false};
  std::thread releasing = soon([&] {
    auto batch = ends.receiver.receive();
    released = true;
    batch.release();
  });
  EXPECT_TRUE(ends.sender.acquire(depth));
  EXPECT_TRUE(released);
  releasing.join();
}

TEST(SlotRing, SeveralBatchesMayBeOpen) {
  Ends ends(3);
  const auto first = ends.sender.acquire(0), second = ends.sender.acquire(1);
  write_numbered(*second, 1);
  write_numbered(*first, 0);
  ends.sender.publish(0);
  ends.sender.publish(1);
  EXPECT_EQ(receive_numbered(ends.receiver, 0, 2), 2u);
}

TEST(SlotRing, OrderIsEnforced) {
  Ends ends(4);
  send_numbered(ends.sender, 0, 2);
  EXPECT_THROW(ends.sender.publish(3), InternalError);
  EXPECT_THROW(ends.sender.publish(1), InternalError);
}

TEST(SlotRing, WaitReadyTakesNothing) {
  Ends ends(2);
  send_numbered(ends.sender, 0, 1);
  EXPECT_TRUE(ends.receiver.wait_ready());
  EXPECT_TRUE(ends.receiver.wait_ready());
  EXPECT_EQ(receive_numbered(ends.receiver, 0, 1), 1u);
}

TEST(SlotRing, DamagedSlotIsNoticed) {
  Ends ends(1);
  const auto slot = ends.sender.acquire(0);
  write_numbered(*slot, 0);
  slot->sample_ids()[2] ^= 1;
  ends.sender.publish(0);
  EXPECT_THAT([&] { ends.receiver.receive(); }, ThrowsMessage<PeerError>(HasSubstr("batch 0")));
}

TEST(SlotRing, SlotOfAnotherBatchIsNoticed) {
  Ends ends(1);
  write_numbered(*ends.sender.acquire(0), 7);
  ends.sender.publish(0);
  EXPECT_THAT([&] { ends.receiver.receive(); }, ThrowsMessage<PeerError>(HasSubstr("batch 7")));
}

TEST(SlotRing, AttachRefusesAnotherRing) {
  const auto spec = numbered_spec();
  const auto with_head = [&](std::uint64_t token, std::size_t depth) {
    Mapping memory = Mapping::anonymous(SlotRing::bytes_needed(spec, 4));
    auto* head = new (memory.bytes().data()) RingControl;
    head->token = token;
    head->depth = depth;
    head->slot_bytes = spec.slot_bytes();
    return memory;
  };
  EXPECT_NO_THROW(SlotRing::attach(with_head(5, 4), spec, 4, 5));
  EXPECT_THROW(SlotRing::attach(with_head(6, 4), spec, 4, 5), PeerError);
  EXPECT_THROW(SlotRing::attach(with_head(5, 3), spec, 4, 5), PeerError);
  EXPECT_THROW(SlotRing::attach(Mapping::anonymous(SlotRing::bytes_needed(spec, 4)), spec, 4, 5), PeerError);
  EXPECT_THROW(SlotRing::create(Mapping::anonymous(4096), spec, 1, 0), InternalError);
}

}  // namespace
}  // namespace feedline

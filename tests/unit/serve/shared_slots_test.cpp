#include "shared_slots.hpp"

#include <feedline/common/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

namespace feedline {
namespace {

const BatchSpec kSpec(4, {{"label", DType::kInt64, {}}});

/// Slots whose consumer notes what it was given.
struct Stream {
  explicit Stream(std::size_t depth)
      : slots(kSpec, depth,
              {.take = [this](const Slot&, std::uint32_t slot) { taken.push_back(slot); },
               .finish = [this] { finished = true; },
               .fail = [this](const Failure& failure) { failed = failure.message; }}) {}

  void publish(std::uint64_t sequence) {
    ASSERT_TRUE(slots.acquire(sequence).has_value());
    slots.publish(sequence);
  }

  std::vector<std::uint32_t> taken;
  bool finished = false;
  std::string failed;
  SharedSlots slots;
};

TEST(SharedSlots, AnyFreeSlotHoldsTheNextBatch) {
  Stream stream(3);
  for (std::uint64_t sequence = 0; sequence < 3; ++sequence) stream.publish(sequence);
  // The first batch is kept, for ever; the others come and go.
  for (std::uint64_t sequence = 3; sequence < 100; ++sequence) {
    stream.slots.release(stream.taken[sequence - 2], sequence - 2);
    stream.publish(sequence);
    EXPECT_NE(stream.taken.back(), stream.taken.front());
  }
  EXPECT_EQ(stream.slots.lent(), 3U);
  EXPECT_EQ(stream.taken.size(), 100U);
}

TEST(SharedSlots, SlotsOfOpenBatchesDiffer) {
  Stream stream(4);
  std::vector<std::byte*> begins;
  for (std::uint64_t sequence = 0; sequence < 4; ++sequence)
    begins.push_back(stream.slots.acquire(sequence)->bytes().data());
  for (std::size_t i = 0; i < begins.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(begins[i], begins[j]);
  }
}

TEST(SharedSlots, AcquireWaitsForASlotThatIsGivenBack) {
  Stream stream(1);
  stream.publish(0);
  auto next = std::async(std::launch::async, [&] { return stream.slots.acquire(1).has_value(); });
  EXPECT_EQ(next.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  stream.slots.release(stream.taken.front(), 0);
  EXPECT_TRUE(next.get());
}

TEST(SharedSlots, ClosingEndsAWait) {
  Stream stream(1);
  stream.publish(0);
  auto next = std::async(std::launch::async, [&] { return stream.slots.acquire(1).has_value(); });
  stream.slots.close();
  EXPECT_FALSE(next.get());
}

TEST(SharedSlots, ABatchMayBeGivenBackMoreThanOnce) {
  Stream stream(2);
  stream.publish(0);
  const std::uint32_t slot = stream.taken.front();
  stream.slots.release(slot, 0);
  stream.slots.release(slot, 0);
  while (stream.taken.back() != slot || stream.taken.size() < 2) stream.publish(stream.taken.size());
  stream.slots.release(slot, 0);  // said once more, when the slot holds another batch
  EXPECT_EQ(stream.slots.lent(), stream.taken.size() - 1);
  EXPECT_THROW(stream.slots.release(7, 0), PeerError);
}

TEST(SharedSlots, BatchesWaitUntilTheyAreTakenOrGivenBack) {
  Stream stream(3);
  for (std::uint64_t sequence = 0; sequence < 3; ++sequence) stream.publish(sequence);
  EXPECT_EQ(stream.slots.waiting(), 3U);
  stream.slots.take(stream.taken[0], 0);
  stream.slots.take(stream.taken[0], 0);
  EXPECT_EQ(stream.slots.waiting(), 2U);
  stream.slots.release(stream.taken[0], 0);
  stream.slots.release(stream.taken[1], 1);
  EXPECT_EQ(stream.slots.waiting(), 1U);
  EXPECT_EQ(stream.slots.lent(), 1U);
  stream.slots.take(stream.taken[1], 1);  // it was given back
  EXPECT_EQ(stream.slots.waiting(), 1U);
  EXPECT_THROW(stream.slots.take(9, 0), PeerError);
}

TEST(SharedSlots, TheEndsReachTheConsumer) {
  Stream stream(1);
  stream.slots.finish();
  EXPECT_TRUE(stream.finished);
  stream.slots.fail({ExitCode::kBadData, "no such file"});
  EXPECT_EQ(stream.failed, "no such file");
}

}  // namespace
}  // namespace feedline

#include "ring_ends.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/transport/interleaved_receiver.hpp>
#include <feedline/transport/shm.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace feedline {
namespace {

using testing::Ends;
using testing::is_numbered;
using testing::numbered_spec;
using testing::send_numbered;

static_assert(!std::is_copy_constructible_v<BatchLease> && std::is_nothrow_move_constructible_v<BatchLease> &&
              std::is_nothrow_move_assignable_v<BatchLease> && std::is_nothrow_destructible_v<BatchLease>);

std::thread send_all(BatchSender& sender, std::uint64_t end) {
  return std::thread([&sender, end] {
    EXPECT_EQ(send_numbered(sender, 0, end), end);
    sender.finish();
  });
}

TEST(BatchLease, HoldsItsSlotUntilItGoes) {
  Ends ends(1);
  send_numbered(ends.sender, 0, 1);
  {
    const BatchLease batch = ends.receiver.receive();
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch.sequence(), 0u);
    EXPECT_TRUE(is_numbered(*batch, 0));
    EXPECT_FALSE(ends.sender.try_acquire(1));
  }
  EXPECT_TRUE(ends.sender.try_acquire(1));
}

TEST(BatchLease, ReleasedTwiceGivesBackOnce) {
  Ends ends(2);
  send_numbered(ends.sender, 0, 2);
  BatchLease batch = ends.receiver.receive();
  batch.release();
  EXPECT_FALSE(batch);
  batch.release();
  EXPECT_EQ(ends.receiver.view().released, 1u);
}

TEST(BatchLease, OneThatGoesEarlyWaitsForThoseBeforeIt) {
  Ends ends(3);
  send_numbered(ends.sender, 0, 3);
  BatchLease first = ends.receiver.receive(), second = ends.receiver.receive(),
             third = ends.receiver.receive();
  third.release();
  second.release();
  EXPECT_EQ(ends.receiver.view().released, 0u);
  EXPECT_FALSE(ends.sender.try_acquire(3));
  EXPECT_TRUE(is_numbered(*first, 0));
  first.release();
  EXPECT_EQ(ends.receiver.view().released, 3u);
  EXPECT_TRUE(ends.sender.try_acquire(5));
}

TEST(BatchLease, AMovedLeaseGivesBackOnce) {
  Ends ends(2);
  send_numbered(ends.sender, 0, 2);
  BatchLease from = ends.receiver.receive();
  {
    const BatchLease to = std::move(from);
    EXPECT_FALSE(from);  // NOLINT(bugprone-use-after-move): that is what is tested
    EXPECT_TRUE(is_numbered(*to, 0));
    from.release();
    EXPECT_EQ(ends.receiver.view().released, 0u);
  }
  EXPECT_EQ(ends.receiver.view().released, 1u);
}

TEST(BatchLease, AnAssignedLeaseGivesBackWhatItHeld) {
  Ends ends(2);
  send_numbered(ends.sender, 0, 2);
  BatchLease batch = ends.receiver.receive();
  batch = ends.receiver.receive();
  EXPECT_EQ(ends.receiver.view().released, 1u);
  EXPECT_EQ(batch.sequence(), 1u);
  EXPECT_TRUE(is_numbered(*batch, 1));
  batch = {};
  EXPECT_EQ(ends.receiver.view().released, 2u);
}

TEST(BatchLease, MayOutliveItsReceiver) {
  const auto ring = make_local_ring(numbered_spec(), 2);
  RingSender sender(ring);
  send_numbered(sender, 0, 2);
  auto receiver = std::make_unique<RingReceiver>(ring);
  BatchLease first = receiver->receive(), second = receiver->receive();
  receiver.reset();
  second.release();
  EXPECT_TRUE(is_numbered(*first, 0));
  first.release();
  EXPECT_EQ(sender.view().released, 2u);
}

TEST(BatchLease, KeepsTheMemoryOfARing) {
  BatchLease batch;
  {
    ShmRing made(numbered_spec(), 1);
    RingSender sender(made.ring());
    send_numbered(sender, 0, 1);
    batch = RingReceiver(open_shm_ring(made.address(), numbered_spec(), 1)).receive();
  }
  EXPECT_TRUE(is_numbered(*batch, 0));
}

class LeasesAtDepth : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Depths, LeasesAtDepth, ::testing::Values(1, 2, 3, 7));

/// The first batch that is still on loan, or `next`.
std::uint64_t first_lent(const std::vector<BatchLease>& lent, std::uint64_t next) {
  for (const BatchLease& lease : lent) next = std::min(next, lease.sequence());
  return next;
}

// Round the ring many times, with as many leases as there are slots.
TEST_P(LeasesAtDepth, GoInAnyOrder) {
  constexpr std::uint64_t kEnd = 5000;
  Ends ends(GetParam());
  std::thread sender = send_all(ends.sender, kEnd);
  std::mt19937 random(11);
  std::vector<BatchLease> lent;
  for (std::uint64_t next = 0; next < kEnd || !lent.empty();) {
    const bool receives = next < kEnd && next < first_lent(lent, next) + GetParam();
    if (receives && (lent.empty() || random() % 2 == 0)) {
      lent.push_back(ends.receiver.receive());
      ASSERT_EQ(lent.back().sequence(), next++);
      continue;
    }
    std::swap(lent[random() % lent.size()], lent.back());
    ASSERT_TRUE(is_numbered(*lent.back(), lent.back().sequence())) << "overwritten while on loan";
    lent.pop_back();
    ASSERT_EQ(ends.receiver.view().released, first_lent(lent, next));
  }
  EXPECT_FALSE(ends.receiver.receive());
  sender.join();
}

/// Leases on their way from the thread that receives to those that use them.
class Queue {
 public:
  void put(BatchLease lease) {
    const std::lock_guard lock(mutex_);
    leases_.push_back(std::move(lease));
    changed_.notify_one();
  }

  void end() {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }

  BatchLease take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return over_ || !leases_.empty(); });
    if (leases_.empty()) return {};
    BatchLease lease = std::move(leases_.front());
    leases_.pop_front();
    return lease;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<BatchLease> leases_;
  bool over_ = false;
};

TEST_P(LeasesAtDepth, GoInOtherThreads) {
  constexpr std::uint64_t kEnd = 4000;
  Ends ends(GetParam());
  std::thread sender = send_all(ends.sender, kEnd);
  Queue queue;
  std::vector<std::thread> users;
  for (unsigned user = 0; user < 3; ++user) {
    users.emplace_back([&queue, user] {
      std::mt19937 random(user);
      while (const BatchLease batch = queue.take()) {
        EXPECT_TRUE(is_numbered(*batch, batch.sequence()));
        for (auto pause = random() % 4; pause > 0; --pause) std::this_thread::yield();
      }
    });
  }
  while (BatchLease batch = ends.receiver.receive()) queue.put(std::move(batch));
  queue.end();
  for (std::thread& user : users) user.join();
  sender.join();
  EXPECT_EQ(ends.receiver.view().released, kEnd);
}

TEST(LeasesOfSeveralChannels, GoInAnyOrderAndLeaveTheHeadersAlone) {
  constexpr std::uint64_t kChannels = 3, kEach = 1000, kEnd = kChannels * kEach;
  std::vector<std::unique_ptr<Ends>> ends;
  std::vector<ReceivingEnd> receivers;
  std::vector<std::thread> senders;
  for (std::uint64_t channel = 0; channel < kChannels; ++channel) {
    ends.push_back(std::make_unique<Ends>(2));
    receivers.emplace_back(std::make_shared<RingReceiver>(ends.back()->ring));
    senders.push_back(send_all(ends.back()->sender, kEach));
  }
  InterleavedReceiver receiver(std::move(receivers));
  std::mt19937 random(5);
  std::vector<BatchLease> lent;
  for (std::uint64_t next = 0; next < kEnd || !lent.empty();) {
    // Each channel has two slots, so that the last six batches may be on loan.
    if (next < kEnd && next < first_lent(lent, next) + 2 * kChannels && random() % 2 == 0) {
      lent.push_back(receiver.receive());
      ASSERT_EQ(lent.back().sequence(), next++);
    }
    if (lent.empty()) continue;
    std::swap(lent[random() % lent.size()], lent.back());
    const BatchLease& batch = lent.back();
    ASSERT_NO_THROW(batch->verify(batch.sequence() / kChannels)) << "the header is as it was sealed";
    ASSERT_TRUE(is_numbered(*batch, batch.sequence() / kChannels));
    lent.pop_back();
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(receiver.view().released, kEnd);
}

}  // namespace
}  // namespace feedline

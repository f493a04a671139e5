// Batches that the sender's device makes others of before they go to the receiver's.
#include "nccl_pair.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>

namespace feedline {
namespace {

/// Batches of bytes that are less by one than those of the batches that are to come out, and of half as many
/// columns: each byte stands twice in the result.
class Widen final : public DeviceTransform {
 public:
  explicit Widen(BatchSpec makes) : makes_(std::move(makes)) {}

  const BatchSpec& takes() const noexcept override { return takes_; }
  const BatchSpec& makes() const noexcept override { return makes_; }

  void run(const Slot& from, const Slot& to, Stream& stream) override {
    const SlotHeader& h = from.header();
    to.begin({h.split, h.last_of_split != 0, h.sequence, h.epoch, h.batch, h.count, h.bucket});
    std::ranges::copy(from.sample_ids(), to.sample_ids().begin());
    to.seal(ChecksumKind::kNone);
    static_cast<HostStream&>(stream).run([out = to.tensor(0), in = from.tensor(0), rows = h.count] {
      for (std::size_t i = 0; i < rows * kWide; ++i)
        out[i] = static_cast<std::byte>(static_cast<unsigned>(in[i / 2]) + 1);
    });
    stream.copy(to.tensor(1), from.tensor(1), h.count * sizeof(std::int64_t));
  }

  static constexpr std::int64_t kWide = 100;

 private:
  BatchSpec takes_ = testing::numbered_spec(4, kWide / 2);
  BatchSpec makes_;
};

class NcclPreparing : public testing::NcclPair {
 protected:
  NcclPreparing() { transform_ = std::make_shared<Widen>(spec_); }

  /// What becomes the numbered batch.
  void write(const Slot& slot, std::uint64_t sequence) override {
    testing::write_numbered(slot, sequence);
    for (std::uint32_t row = 0; row < slot.header().count; ++row) {
      for (std::byte& each : slot.row(0, row)) each = static_cast<std::byte>(static_cast<unsigned>(each) - 1);
      slot.check_row(row, ChecksumKind::kSum);
    }
    slot.seal(ChecksumKind::kSum);
    if (sequence == damaged_ && !done_) slot.row(0, 2)[7] ^= std::byte{4};
    if (sequence == damaged_) done_ = true;
  }

  /// Twenty batches, of which those that are wanted again are made anew.
  void all_arrive() {
    open(20);
    start();
    send_all(20).join();
    const auto answering = keep_answering();
    EXPECT_EQ(receive_all(), 20u);
  }

  std::uint64_t damaged_ = ~std::uint64_t{0};  ///< on the way to the sender's device, once
  std::atomic<bool> done_{false};
};

TEST_F(NcclPreparing, BatchesAreWhatTheDeviceMadeOfThem) {
  for (const std::size_t depth : {1, 5}) {
    links_ = testing::SocketLink::pair();
    open(depth);
    EXPECT_EQ(sender_->spec(), transform_->takes());
    EXPECT_EQ(receiver_->spec(), spec_);
    start();
    std::thread sender = send_all(60);
    EXPECT_EQ(receive_all(), 60u);
    sender.join();
    receiver_->close();
    sender_->join();
    receiver_->join();
  }
}

TEST_F(NcclPreparing, WhatWasDamagedBeforeItIsWantedAgain) {
  damaged_ = 7;
  all_arrive();
  EXPECT_TRUE(done_);
}

TEST_F(NcclPreparing, WhatIsDamagedBehindItIsWantedAgain) {
  links_[0]->damage(5);
  all_arrive();
}

}  // namespace
}  // namespace feedline

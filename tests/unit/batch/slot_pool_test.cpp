#include <feedline/batch/slot_pool.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace feedline {
namespace {

class SlotPoolTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kDepth = 3;
  const BatchSpec spec_{5, {{"x", DType::kFloat32, {11}}}};
  const Mapping memory_ = Mapping::anonymous(SlotPool::bytes_needed(spec_, kDepth));
  const SlotPool pool_{memory_.bytes(), spec_, kDepth};
};

TEST_F(SlotPoolTest, NeedsExactlyItsSlots) {
  EXPECT_EQ(SlotPool::bytes_needed(spec_, kDepth), kDepth * spec_.slot_bytes());
  EXPECT_EQ(SlotPool::bytes_needed(spec_, 0), 0u);
  EXPECT_EQ(pool_.depth(), kDepth);
  EXPECT_EQ(pool_.spec(), spec_);
}

TEST_F(SlotPoolTest, SlotsLieBehindEachOtherAligned) {
  for (std::uint64_t i = 0; i < kDepth; ++i) {
    const auto bytes = pool_.slot(i).bytes();
    EXPECT_EQ(bytes.data(), memory_.bytes().data() + i * spec_.slot_bytes());
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes.data()) % kSlotAlignment, 0u);
    EXPECT_EQ(bytes.size(), spec_.slot_bytes());
  }
}

TEST_F(SlotPoolTest, PlacesComeRoundWithTheSequence) {
  constexpr std::uint64_t kFar = std::uint64_t{kDepth} << 40;
  EXPECT_EQ(pool_.slot(kDepth).bytes().data(), pool_.slot(0).bytes().data());
  EXPECT_EQ(pool_.slot(kFar + 1).bytes().data(), pool_.slot(1).bytes().data());
}

TEST_F(SlotPoolTest, ABatchThatWasOverwrittenIsNoticed) {
  for (std::uint64_t sequence = 0; sequence <= kDepth; ++sequence) {
    const Slot slot = pool_.slot(sequence);
    slot.begin({Split::kTrain, false, sequence, 0, 0, 0});
    slot.seal();
  }
  EXPECT_NO_THROW(pool_.slot(kDepth).verify(kDepth));
  EXPECT_NO_THROW(pool_.slot(1).verify(1));
  EXPECT_THROW(pool_.slot(0).verify(0), PeerError);
}

}  // namespace
}  // namespace feedline

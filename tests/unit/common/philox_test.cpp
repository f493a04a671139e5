#include <feedline/common/philox.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <set>

namespace feedline {
namespace {

using Block = std::array<std::uint32_t, 4>;

// kat_vectors of Random123, philox4x32 with 10 rounds.
TEST(Philox4x32, KnownAnswers) {
  constexpr std::uint32_t kOnes = 0xFFFFFFFF;
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Block{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}));
  EXPECT_EQ(philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Block{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD}));
  EXPECT_EQ(philox4x32({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, {0xA4093822, 0x299F31D0}),
            (Block{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}));
}

TEST(Philox, StreamIsItsBlocksInOrder) {
  const std::uint64_t seed = 0x1122334455667788, id = 0xAABBCCDD00112233;
  Philox random(seed, RandomPurpose::kOrder, 9, id);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const Block expected =
        philox4x32({2u << 28 | block, 9, 0x00112233, 0xAABBCCDD}, {0x55667788, 0x11223344});
    for (const std::uint32_t word : expected) EXPECT_EQ(random.next_u32(), word);
  }
}

TEST(Philox, EveryPartOfTheKeyMatters) {
  std::set<std::uint32_t> first;
  const auto add = [&](std::uint64_t seed, RandomPurpose purpose, std::uint32_t epoch, std::uint64_t id) {
    first.insert(Philox(seed, purpose, epoch, id).next_u32());
  };
  add(0, RandomPurpose::kAugment, 0, 0);
  add(1, RandomPurpose::kAugment, 0, 0);
  add(std::uint64_t{1} << 32, RandomPurpose::kAugment, 0, 0);
  add(0, RandomPurpose::kOrder, 0, 0);
  add(0, RandomPurpose::kAugment, 1, 0);
  add(0, RandomPurpose::kAugment, 0, 1);
  add(0, RandomPurpose::kAugment, 0, std::uint64_t{1} << 32);
  EXPECT_EQ(first.size(), 7u);
}

TEST(Philox, NextBelowIsUniformWithinItsBound) {
  constexpr std::uint32_t kBound = 5, kDraws = 100'000;
  Philox random(1, RandomPurpose::kAugment, 0, 0);
  std::array<std::uint32_t, kBound> counts{};
  for (std::uint32_t i = 0; i < kDraws; ++i) {
    const std::uint32_t value = random.next_below(kBound);
    ASSERT_LT(value, kBound);
    ++counts[value];
  }
  for (const std::uint32_t count : counts) EXPECT_NEAR(count, kDraws / kBound, 1000);  // 8 sigma
}

// With this bound a third of the draws must be refused; taking them would make low values twice as likely.
TEST(Philox, NextBelowHasNoBiasNearTheLargestBounds) {
  constexpr std::uint32_t kBound = 0xAAAAAAAB, kDraws = 30'000;
  Philox random(2, RandomPurpose::kAugment, 0, 0);
  std::uint32_t in_lower_half = 0;
  std::uint32_t multiples = 0;
  for (std::uint32_t i = 0; i < kDraws; ++i) {
    const std::uint32_t value = random.next_below(kBound);
    ASSERT_LT(value, kBound);
    in_lower_half += value < kBound / 2 ? 1 : 0;
    multiples += value % 2 == 0 ? 1 : 0;
  }
  EXPECT_NEAR(in_lower_half, kDraws / 2, 700);  // 8 sigma
  EXPECT_NEAR(multiples, kDraws / 2, 700);
}

TEST(Philox, NextBelowOneIsAlwaysZero) {
  Philox random(3, RandomPurpose::kAugment, 0, 0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.next_below(1), 0u);
}

TEST(Philox, NextFloatLiesInTheHalfOpenUnitInterval) {
  constexpr int kDraws = 100'000;
  Philox random(4, RandomPurpose::kAugment, 0, 0);
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const float value = random.next_float();
    ASSERT_GE(value, 0.0F);
    ASSERT_LT(value, 1.0F);
    sum += value;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.008);  // 8 sigma
}

}  // namespace
}  // namespace feedline

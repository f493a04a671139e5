#include "fake_dataset.hpp"

#include <feedline/data/sampler.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace feedline {
namespace {

std::vector<std::uint64_t> order_of(std::uint64_t size, std::uint64_t seed, std::uint32_t epoch) {
  const RandomSampler order({size}, seed);
  std::vector<std::uint64_t> ids;
  for (std::uint64_t position = 0; position < size; ++position) ids.push_back(order(epoch, position));
  return ids;
}

class PermutationSizes : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(PermutationSizes, IsABijection) {
  const std::uint64_t size = GetParam();
  for (const std::uint64_t seed : {0u, 1u}) {
    std::vector<bool> seen(size);
    for (const std::uint64_t id : order_of(size, seed, 4)) {
      ASSERT_LT(id, size);
      ASSERT_FALSE(seen[id]) << "twice";
      seen[id] = true;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, PermutationSizes,
                         ::testing::Values(1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65, 1000, 60000, (1u << 20) + 1));

TEST(Permutation, LargestSizesStayInside) {
  for (const std::uint64_t size : {(std::uint64_t{1} << 32) + 1, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    const Permutation order(size, 1, 2, RandomPurpose::kOrder);
    for (std::uint64_t i = 0; i < 1000; ++i) EXPECT_LT(order(size - 1 - i), size);
  }
}

TEST(Permutation, EveryPartOfTheKeyMatters) {
  const auto equal_places = [](const Permutation& a, const Permutation& b) {
    int equal = 0;
    for (std::uint64_t i = 0; i < 10'000; ++i) equal += a(i) == b(i) ? 1 : 0;
    return equal;
  };
  const Permutation base(10'000, 1, 2, RandomPurpose::kOrder);
  EXPECT_EQ(equal_places(base, {10'000, 1, 2, RandomPurpose::kOrder}), 10'000);
  // Two independent orders agree at 1 place on average.
  EXPECT_LT(equal_places(base, {10'000, 2, 2, RandomPurpose::kOrder}), 20);
  EXPECT_LT(equal_places(base, {10'000, 1 + (std::uint64_t{1} << 32), 2, RandomPurpose::kOrder}), 20);
  EXPECT_LT(equal_places(base, {10'000, 1, 3, RandomPurpose::kOrder}), 20);
  EXPECT_LT(equal_places(base, {10'000, 1, 2, RandomPurpose::kSplit}), 20);
}

/// Sum of (seen - expected)^2 / expected: about cells - 1, with a deviation of sqrt(2 cells).
double chi_square(const std::vector<int>& counts) {
  double total = 0, sum = 0;
  for (const int count : counts) total += count;
  const double expected = total / static_cast<double>(counts.size());
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

double widest_chi_square(std::size_t cells) {
  const double freedom = static_cast<double>(cells) - 1;
  return freedom + 8 * std::sqrt(2 * freedom) + 8;
}

class PermutationSpread : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(PermutationSpread, AnIdComesAtEveryPositionEquallyOften) {
  const std::uint64_t size = GetParam();
  const RandomSampler sampler({size}, 3);
  std::vector<int> id_at_first(size), id_at_last(size);
  const auto epochs = static_cast<std::uint32_t>(200 * size);
  for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
    ++id_at_first[sampler(epoch, 0)];
    ++id_at_last[sampler(epoch, size - 1)];
  }
  EXPECT_LT(chi_square(id_at_first), widest_chi_square(size));
  EXPECT_LT(chi_square(id_at_last), widest_chi_square(size));
}

TEST_P(PermutationSpread, NeighboursInOneEpochAreIndependent) {
  const std::uint64_t size = GetParam();
  const RandomSampler sampler({size}, 4);
  std::vector<int> distances(size - 1);
  const auto epochs = static_cast<std::uint32_t>(200 * size);
  for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
    ++distances[(sampler(epoch, 1) + size - sampler(epoch, 0)) % size - 1];
  }
  EXPECT_LT(chi_square(distances), widest_chi_square(size - 1));
}

INSTANTIATE_TEST_SUITE_P(Sizes, PermutationSpread, ::testing::Values(2, 3, 5, 8, 64, 100, 1000));

TEST(Permutation, MixesNearAndFarWithinOneEpoch) {
  constexpr std::uint64_t kSize = 60'000, kCells = 100;
  const RandomSampler order({kSize}, 0);
  std::vector<int> cells(kCells * kCells);
  for (std::uint64_t position = 0; position < kSize; ++position)
    ++cells[position * kCells / kSize * kCells + order(0, position) * kCells / kSize];
  EXPECT_LT(chi_square(cells), widest_chi_square(cells.size()));
}

TEST(Permutation, HasAsManyFixedPointsAsChanceGives) {
  int fixed = 0;
  for (std::uint32_t epoch = 0; epoch < 400; ++epoch) {
    const auto ids = order_of(1000, 5, epoch);
    for (std::uint64_t i = 0; i < ids.size(); ++i) fixed += ids[i] == i ? 1 : 0;
  }
  EXPECT_NEAR(fixed, 400, 160);  // 8 sigma of Poisson(400)
}

TEST(RandomSampler, IsAPureFunction) {
  EXPECT_EQ(order_of(1000, 1, 2), order_of(1000, 1, 2));
  EXPECT_NE(order_of(1000, 1, 2), order_of(1000, 1, 3));
  EXPECT_NE(order_of(1000, 1, 2), order_of(1000, 2, 2));
}

TEST(RandomSampler, GroupsStayApart) {
  const RandomSampler sampler({10, 0, 3, 7}, 5);
  std::vector<int> seen(20);
  for (std::uint64_t position = 0; position < 20; ++position) {
    const std::uint64_t place = sampler(1, position);
    ++seen[place];
    EXPECT_EQ(place < 10, position < 10);
    EXPECT_EQ(place < 13, position < 13);
  }
  EXPECT_EQ(seen, std::vector<int>(20, 1));
}

// A run that is resumed by a later version must meet the same order.
TEST(RandomSampler, OrderIsTheSameForEver) {
  const auto ids = order_of(60'000, 42, 7);
  EXPECT_EQ((std::vector<std::uint64_t>(ids.begin(), ids.begin() + 4)),
            (std::vector<std::uint64_t>{25669, 35003, 282, 15566}));
}

TEST(Sampler, TrainingIsRandomAndValidationIsSequential) {
  const testing::FakeDataset set(61);
  const auto train = make_sampler(true, set, 5), val = make_sampler(false, set, 5);
  const RandomSampler random({61}, 5);
  for (std::uint32_t epoch = 0; epoch < 2; ++epoch) {
    for (std::uint64_t position = 0; position < 61; ++position) {
      EXPECT_EQ((*train)(epoch, position), random(epoch, position));
      EXPECT_EQ((*val)(epoch, position), position);
    }
  }
}

}  // namespace
}  // namespace feedline

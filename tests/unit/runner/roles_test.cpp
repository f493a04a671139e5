#include "roles.hpp"

#include <feedline/common/errors.hpp>

#include <gtest/gtest.h>

namespace feedline {
namespace {

TEST(Roles, OneRankDoesBoth) {
  const Roles roles = Roles::of(1);
  EXPECT_TRUE(roles.single);
  EXPECT_TRUE(roles.prepares_data(0));
  EXPECT_TRUE(roles.trains(0));
  EXPECT_EQ(roles.pairs(), (std::vector<std::pair<int, int>>{{0, 0}}));
}

TEST(Roles, OfTwoTheFirstPreparesDataAndTheSecondTrains) {
  const Roles roles = Roles::of(2);
  EXPECT_FALSE(roles.single);
  EXPECT_TRUE(roles.prepares_data(0));
  EXPECT_FALSE(roles.trains(0));
  EXPECT_FALSE(roles.prepares_data(1));
  EXPECT_TRUE(roles.trains(1));
  EXPECT_EQ(roles.pairs(), (std::vector<std::pair<int, int>>{{0, 1}}));
}

TEST(Roles, MoreAreRefusedForNow) {
  EXPECT_THROW(Roles::of(3), UsageError);
}

TEST(Roles, PairsAreEveryDataRankWithEveryModelRank) {
  const Roles roles{2, 3, false};
  EXPECT_EQ(roles.pairs(),
            (std::vector<std::pair<int, int>>{{0, 2}, {0, 3}, {0, 4}, {1, 2}, {1, 3}, {1, 4}}));
}

}  // namespace
}  // namespace feedline

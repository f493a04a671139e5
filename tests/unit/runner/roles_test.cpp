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
  EXPECT_EQ(roles.model_rank(), 0);
}

TEST(Roles, OfTwoTheFirstPreparesDataAndTheSecondTrains) {
  const Roles roles = Roles::of(2);
  EXPECT_FALSE(roles.single);
  EXPECT_TRUE(roles.prepares_data(0));
  EXPECT_FALSE(roles.trains(0));
  EXPECT_FALSE(roles.prepares_data(1));
  EXPECT_TRUE(roles.trains(1));
  EXPECT_EQ(roles.model_rank(), 1);
}

TEST(Roles, OneRankTrainsAndAllOthersPrepareDataIfAskedTo) {
  const Roles roles = Roles::of(4, 3);
  EXPECT_FALSE(roles.single);
  EXPECT_TRUE(roles.prepares_data(2));
  EXPECT_TRUE(roles.trains(3));
  EXPECT_EQ(roles.model_rank(), 3);
}

TEST(Roles, MustBeAsManyAsThereAreRanks) {
  EXPECT_THROW(Roles::of(3), UsageError);
  EXPECT_THROW(Roles::of(3, 1), UsageError);
  EXPECT_THROW(Roles::of(2, 2), UsageError);
  EXPECT_THROW(Roles::of(1, 2), UsageError);
  EXPECT_NO_THROW(Roles::of(1, 1));
}

}  // namespace
}  // namespace feedline

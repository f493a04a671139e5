#include "image/shrink.hpp"

#include <gtest/gtest.h>

namespace feedline {
namespace {

constexpr double kWidth = 1000, kHeight = 900;

PictureHeader of_grains(std::array<Grain, 3> grains) {
  return {1000, 900, 1, grains};
}

TEST(ChooseShrink, LeavesTheOutputsSize) {
  EXPECT_EQ(choose_shrink({}, kWidth, kHeight, 112, 8), 8u);
  EXPECT_EQ(choose_shrink({}, kWidth, kHeight, 113, 8), 4u);
  EXPECT_EQ(choose_shrink({}, kHeight, kWidth, 113, 8), 4u);
  EXPECT_EQ(choose_shrink({}, kWidth, kHeight, 451, 8), 1u);
  EXPECT_EQ(choose_shrink({}, kWidth, kHeight, 10, 1), 1u) << "the format cannot";
}

TEST(ChooseShrink, LeavesItToColourToo) {
  const PictureHeader half_width = of_grains({{{4, 2}, {8, 4}, {16, 8}}});
  EXPECT_EQ(choose_shrink(half_width, kWidth, kHeight, 62, 8), 8u);
  EXPECT_EQ(choose_shrink(half_width, kWidth, kHeight, 63, 8), 4u);
  EXPECT_EQ(choose_shrink(half_width, kWidth, kHeight, 250, 8), 2u);
  EXPECT_EQ(choose_shrink(half_width, kWidth, kHeight, 251, 8), 1u);
  const PictureHeader half_height = of_grains({{{2, 4}, {4, 8}, {8, 16}}});
  EXPECT_EQ(choose_shrink(half_height, kWidth, kHeight, 56, 8), 8u);
  EXPECT_EQ(choose_shrink(half_height, kWidth, kHeight, 57, 8), 4u);
}

}  // namespace
}  // namespace feedline

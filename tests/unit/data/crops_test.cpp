#include "image/transform/crops.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace feedline {
namespace {

Philox stream(std::uint64_t id) {
  return {5, RandomPurpose::kAugment, 0, id};
}

TEST(RandomResizedCrop, LiesInsideWithTheAreaAndShapeAskedFor) {
  const RandomResizedCrop crop;
  double least = 1, most = 0;
  for (std::uint64_t id = 0; id < 3000; ++id) {
    Philox random = stream(id);
    const PixelBox box = crop.draw(random, 500, 375);
    ASSERT_LE(box.left + box.width, 500U);
    ASSERT_LE(box.top + box.height, 375U);
    const double area = static_cast<double>(box.width) * box.height / (500 * 375);
    const double ratio = static_cast<double>(box.width) / box.height;
    ASSERT_GT(area, 0.075);
    ASSERT_GT(ratio, 0.74);
    ASSERT_LT(ratio, 1.35);
    least = std::min(least, area);
    most = std::max(most, area);
  }
  EXPECT_LT(least, 0.1);
  EXPECT_GT(most, 0.9);
}

TEST(RandomResizedCrop, TakesTheCentreOfPicturesTooNarrowForIt) {
  const RandomResizedCrop crop;
  Philox random = stream(1);
  EXPECT_EQ(crop.draw(random, 1000, 10), (PixelBox{493, 0, 13, 10}));
  EXPECT_EQ(crop.draw(random, 1, 1), (PixelBox{0, 0, 1, 1}));
}

TEST(CenterCrop, IsTheCentreAfterScalingTheShorterSide) {
  // 500 x 375 to 341 x 256, of which the middle 224 x 224 begins at (58, 16).
  const RealBox box = center_crop(500, 375, 256, 224);
  EXPECT_NEAR(box.left, 58 * 500.0 / 341, 1e-9);
  EXPECT_NEAR(box.top, 16 * 375.0 / 256, 1e-9);
  EXPECT_NEAR(box.width, 224 * 500.0 / 341, 1e-9);
  EXPECT_NEAR(box.height, 224 * 375.0 / 256, 1e-9);
}

TEST(CenterCrop, RoundsHalvesToEvenAsTorchvisionDoes) {
  const RealBox box = center_crop(365, 365, 365, 320);  // 22.5 from each side
  EXPECT_EQ(box.left, 22);
}

/// What a viewer makes of the stored pixel indices, by the definition of the EXIF orientations.
std::vector<int> viewed(const std::vector<int>& stored, int width, int height, int orientation) {
  const bool turned = orientation >= 5;
  const int view_width = turned ? height : width, view_height = turned ? width : height;
  std::vector<int> view;
  for (int y = 0; y < view_height; ++y) {
    for (int x = 0; x < view_width; ++x) {
      int column = turned ? y : x, row = turned ? x : y;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
        column = width - 1 - column;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
        row = height - 1 - row;
      view.push_back(stored[static_cast<std::size_t>(row * width + column)]);
    }
  }
  return view;
}

TEST(Viewed, IsWhatTheStandardShows) {
  const std::vector<int> stored = {1, 2, 3, 4, 5, 6};  // 3 wide, 2 high
  EXPECT_EQ(viewed(stored, 3, 2, 6), (std::vector<int>{4, 1, 5, 2, 6, 3})) << "a quarter turn clockwise";
  EXPECT_EQ(viewed(stored, 3, 2, 8), (std::vector<int>{3, 6, 2, 5, 1, 4})) << "a quarter turn back";
  EXPECT_EQ(viewed(stored, 3, 2, 3), (std::vector<int>{6, 5, 4, 3, 2, 1})) << "half a turn";
}

/// The pixel of the stored picture that the view's pixel (x, y) comes from, through `place`.
int through_placement(const PictureHeader& header, int x, int y, bool flip) {
  const PictureHeader view = as_viewed(header);
  const RealBox whole{0, 0, static_cast<double>(view.width), static_cast<double>(view.height)};
  const Placement placement = place(header, whole, flip);
  int column = placement.transposed ? y : x, row = placement.transposed ? x : y;
  if (placement.mirror_columns) column = static_cast<int>(header.width) - 1 - column;
  if (placement.mirror_rows) row = static_cast<int>(header.height) - 1 - row;
  return row * static_cast<int>(header.width) + column;
}

TEST(Place, TurnsAndMirrorsAsTheOrientationSays) {
  std::vector<int> stored(12);
  std::iota(stored.begin(), stored.end(), 0);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const PictureHeader header{4, 3, orientation};
    const PictureHeader view = as_viewed(header);
    const auto expected = viewed(stored, 4, 3, orientation);
    for (std::uint32_t y = 0; y < view.height; ++y) {
      for (std::uint32_t x = 0; x < view.width; ++x) {
        const auto at = [&](std::uint32_t column) { return expected[y * view.width + column]; };
        const int px = static_cast<int>(x), py = static_cast<int>(y);
        EXPECT_EQ(through_placement(header, px, py, false), at(x)) << "orientation " << orientation;
        EXPECT_EQ(through_placement(header, px, py, true), at(view.width - 1 - x))
            << "orientation " << orientation;
      }
    }
  }
}

TEST(Place, MovesTheBox) {
  const RealBox box{10, 20, 30, 40};
  EXPECT_EQ(place({200, 100, 3}, box, false).box.left, 160);
  EXPECT_EQ(place({200, 100, 3}, box, false).box.top, 40);
  EXPECT_EQ(place({200, 100, 6}, box, false).box.left, 20);  // the view is 100 wide and 200 high
  EXPECT_EQ(place({200, 100, 6}, box, false).box.top, 60);
  EXPECT_EQ(place({200, 100, 6}, box, false).box.width, 40);
}

TEST(TransposePlanes, SwapsRowsAndColumnsOfEach) {
  std::vector<std::uint8_t> planes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  transpose_planes(planes.data(), 2);
  EXPECT_EQ(planes, (std::vector<std::uint8_t>{1, 3, 2, 4, 5, 7, 6, 8, 9, 11, 10, 12}));
}

}  // namespace
}  // namespace feedline

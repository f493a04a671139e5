#include <feedline/data/image/transforms.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace feedline {
namespace {

using Picture = std::vector<std::byte>;

Picture numbered(const ImageShape& shape) {
  Picture picture(shape.bytes());
  for (std::size_t i = 0; i < picture.size(); ++i) picture[i] = static_cast<std::byte>(i % 251 + 1);
  return picture;
}

/// Pads with zeros, cuts at (top, left), mirrors: the words of torchvision's documentation, pixel by pixel.
Picture reference(const Picture& source, const ImageShape& s, std::int64_t padding, std::int64_t top,
                  std::int64_t left, bool flip) {
  Picture result(s.bytes());
  for (std::int64_t c = 0; c < s.channels; ++c) {
    for (std::int64_t y = 0; y < s.height; ++y) {
      for (std::int64_t x = 0; x < s.width; ++x) {
        const std::int64_t from_y = y + top - padding;
        const std::int64_t from_x = (flip ? s.width - 1 - x : x) + left - padding;
        const bool inside = from_y >= 0 && from_y < s.height && from_x >= 0 && from_x < s.width;
        const auto at = [&](std::int64_t row, std::int64_t column) {
          return static_cast<std::size_t>((c * s.height + row) * s.width + column);
        };
        result[at(y, x)] = inside ? source[at(from_y, from_x)] : std::byte{0};
      }
    }
  }
  return result;
}

/// Into memory that is neither zero nor exactly as large, so that a byte left out or too many shows.
Picture shifted(const Picture& source, const ImageShape& shape, Shift shift, bool flip) {
  constexpr std::size_t kGuard = 16;
  constexpr std::byte kUntouched{0xEE};
  Picture memory(shape.bytes() + 2 * kGuard, kUntouched);
  shift_and_flip(source, std::span(memory).subspan(kGuard, shape.bytes()), shape, shift, flip);
  for (std::size_t i = 0; i < kGuard; ++i) {
    EXPECT_EQ(memory[i], kUntouched);
    EXPECT_EQ(memory[memory.size() - 1 - i], kUntouched);
  }
  return {memory.begin() + kGuard, memory.end() - kGuard};
}

TEST(ShiftAndFlip, EveryPlaceOfManyShapesMatchesTheReference) {
  for (const ImageShape& shape : {ImageShape{1, 28, 28},
                                  {3, 32, 32},
                                  {1, 1, 1},
                                  {2, 3, 2},
                                  {1, 2, 7},
                                  {1, 5, 8},
                                  {2, 4, 9},
                                  {1, 3, 17},
                                  {1, 2, 1},
                                  {1, 1, 30}}) {
    const Picture source = numbered(shape);
    for (const std::int64_t padding : {0, 1, 2, 4}) {
      for (std::int64_t place = 0; place < (2 * padding + 1) * (2 * padding + 1); ++place) {
        const std::int64_t top = place / (2 * padding + 1), left = place % (2 * padding + 1);
        for (const bool flip : {false, true}) {
          ASSERT_EQ(shifted(source, shape, {padding - top, padding - left}, flip),
                    reference(source, shape, padding, top, left, flip))
              << shape.channels << " x " << shape.height << " x " << shape.width << ", padding " << padding
              << ", top " << top << ", left " << left << ", flip " << flip;
        }
      }
    }
  }
}

TEST(ShiftAndFlip, WithoutEitherIsACopy) {
  const ImageShape shape{3, 28, 28};
  EXPECT_EQ(shifted(numbered(shape), shape, {}, false), numbered(shape));
}

TEST(ShiftAndFlip, BeyondThePictureIsAllZeros) {
  const ImageShape shape{1, 4, 6};
  const Picture zeros(shape.bytes());
  for (const Shift& shift : {Shift{4, 0}, {-4, 0}, {0, 6}, {0, -6}, {100, 100}})
    EXPECT_EQ(shifted(numbered(shape), shape, shift, true), zeros);
}

TEST(RandomCrop, EveryPlaceIsEquallyLikely) {
  constexpr int kDraws = 50'000;
  Philox random(1, RandomPurpose::kAugment, 0, 0);
  std::map<std::pair<std::int64_t, std::int64_t>, int> counts;
  for (int i = 0; i < kDraws; ++i) {
    const Shift shift = RandomCrop{2}.draw(random);
    ++counts[{shift.down, shift.right}];
  }
  ASSERT_EQ(counts.size(), 25u);
  EXPECT_EQ(counts.begin()->first, std::pair(std::int64_t{-2}, std::int64_t{-2}));
  EXPECT_EQ(counts.rbegin()->first, std::pair(std::int64_t{2}, std::int64_t{2}));
  for (const auto& [place, count] : counts) EXPECT_NEAR(count, kDraws / 25, 350);  // 8 sigma
}

TEST(RandomCrop, WithoutPaddingStaysWhereItIs) {
  Philox random(1, RandomPurpose::kAugment, 0, 0);
  for (int i = 0; i < 100; ++i) {
    const Shift shift = RandomCrop{0}.draw(random);
    EXPECT_EQ(shift.down, 0);
    EXPECT_EQ(shift.right, 0);
  }
}

TEST(RandomHorizontalFlip, HappensAsOftenAsAsked) {
  constexpr int kDraws = 50'000;
  Philox random(2, RandomPurpose::kAugment, 0, 0);
  for (const float p : {0.0F, 0.25F, 0.5F, 1.0F}) {
    int flips = 0;
    for (int i = 0; i < kDraws; ++i) flips += RandomHorizontalFlip{p}.draw(random) ? 1 : 0;
    EXPECT_NEAR(flips, p * kDraws, p == 0 || p == 1 ? 0 : 900);  // 8 sigma
  }
}

}  // namespace
}  // namespace feedline

#include "image/transform/resize.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace feedline {
namespace {

std::vector<std::uint8_t> noise(std::uint32_t width, std::uint32_t height) {
  std::mt19937 random(width * 31 + height);
  std::vector<std::uint8_t> pixels(std::size_t{width} * height * 3 + kPixelPadding);
  for (auto& value : pixels) value = static_cast<std::uint8_t>(random());
  return pixels;
}

struct Tap {
  std::uint32_t at;
  double weight;
};

/// The triangle filter by its definition.
std::vector<Tap> taps(std::uint32_t in, double from, double length, std::uint32_t out, std::uint32_t i) {
  const double scale = length / out, support = std::max(scale, 1.0), center = from + (i + 0.5) * scale;
  std::vector<Tap> result;
  double sum = 0;
  for (std::uint32_t at = 0; at < in; ++at) {
    const double weight = std::max(0.0, 1 - std::abs(at + 0.5 - center) / support);
    if (weight > 0) result.push_back({at, weight});
    sum += weight;
  }
  for (Tap& tap : result) tap.weight /= sum;
  return result;
}

std::vector<double> expected(const PixelView& in, const RealBox& box, std::uint32_t width,
                             std::uint32_t height) {
  std::vector<double> out;
  for (std::uint32_t channel = 0; channel < 3; ++channel) {
    for (std::uint32_t y = 0; y < height; ++y) {
      const auto rows = taps(in.height, box.top, box.height, height, y);
      for (std::uint32_t x = 0; x < width; ++x) {
        double value = 0;
        for (const Tap& column : taps(in.width, box.left, box.width, width, x)) {
          for (const Tap& row : rows)
            value += column.weight * row.weight * in.data[row.at * in.stride + column.at * 3 + channel];
        }
        out.push_back(value);
      }
    }
  }
  return out;
}

void expect_scaled(std::uint32_t in_width, std::uint32_t in_height, const RealBox& box, std::uint32_t width,
                   std::uint32_t height) {
  const auto pixels = noise(in_width, in_height);
  const PixelView in{pixels.data(), std::size_t{in_width} * 3, in_width, in_height};
  std::vector<std::uint8_t> out(std::size_t{3} * width * height + 1, 77);
  Resizer resizer;
  resizer.resize(in, box, false, false, width, height, out.data());
  const auto exact = expected(in, box, width, height);
  for (std::size_t i = 0; i < exact.size(); ++i) ASSERT_NEAR(out[i], exact[i], 0.6) << "value " << i;
  EXPECT_EQ(out.back(), 77) << "nothing is written behind the output";
}

TEST(Resize, KeepsAPictureOfTheSameSize) {
  const auto pixels = noise(21, 19);
  std::vector<std::uint8_t> out(3 * 21 * 19);
  Resizer resizer;
  resizer.resize({pixels.data(), 63, 21, 19}, {0, 0, 21, 19}, false, false, 21, 19, out.data());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t channel = i / (21 * 19), pixel = i % (21 * 19);
    ASSERT_EQ(out[i], pixels[pixel * 3 + channel]);
  }
}

TEST(Resize, ShrinksLikeTheFilterSays) {
  expect_scaled(100, 80, {0, 0, 100, 80}, 33, 17);
  expect_scaled(61, 47, {3, 5, 50, 40}, 24, 32);
  expect_scaled(300, 20, {0, 0, 300, 20}, 16, 16);
}

TEST(Resize, EnlargesLikeTheFilterSays) {
  expect_scaled(20, 30, {0, 0, 20, 30}, 64, 40);
  expect_scaled(7, 9, {1, 2, 3, 4}, 25, 26);
}

TEST(Resize, TakesBoxesThatBeginWithinAPixel) {
  expect_scaled(60, 50, {3.5, 2.25, 40.5, 41.75}, 22, 30);
  expect_scaled(60, 50, {59.5, 49.5, 0.5, 0.5}, 8, 8);
}

TEST(Resize, TakesTheSmallestPictures) {
  expect_scaled(1, 1, {0, 0, 1, 1}, 5, 5);
  expect_scaled(1, 300, {0, 0, 1, 300}, 9, 9);
  expect_scaled(300, 1, {0, 0, 300, 1}, 1, 1);
}

TEST(Resize, KeepsBlackAndWhite) {
  for (const int level : {0, 255}) {
    std::vector<std::uint8_t> pixels(50 * 40 * 3 + kPixelPadding, static_cast<std::uint8_t>(level));
    std::vector<std::uint8_t> out(3 * 23 * 29);
    Resizer resizer;
    resizer.resize({pixels.data(), 150, 50, 40}, {0, 0, 50, 40}, false, false, 23, 29, out.data());
    for (const std::uint8_t value : out) ASSERT_EQ(value, level);
  }
}

TEST(Resize, MirrorsInTheSamePass) {
  const auto pixels = noise(70, 45);
  const PixelView in{pixels.data(), 210, 70, 45};
  constexpr std::uint32_t kWidth = 27, kHeight = 18;
  std::vector<std::uint8_t> plain(3 * kWidth * kHeight), mirrored(plain.size());
  Resizer resizer;
  resizer.resize(in, {2, 3, 60, 40}, false, false, kWidth, kHeight, plain.data());
  resizer.resize(in, {2, 3, 60, 40}, true, true, kWidth, kHeight, mirrored.data());
  for (std::uint32_t channel = 0; channel < 3; ++channel) {
    const auto* plane = plain.data() + channel * kWidth * kHeight;
    std::vector<std::uint8_t> turned(plane, plane + kWidth * kHeight);
    std::reverse(turned.begin(), turned.end());
    EXPECT_TRUE(std::equal(turned.begin(), turned.end(), mirrored.data() + channel * kWidth * kHeight));
  }
}

}  // namespace
}  // namespace feedline

#include <feedline/data/image/color_jitter.hpp>
#include <feedline/data/image/random_erasing.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

namespace feedline {
namespace {

constexpr std::size_t kPixels = 4096;

std::vector<std::uint8_t> colors() {
  std::vector<std::uint8_t> planes;
  for (std::size_t i = 0; i < 3 * kPixels; ++i)
    planes.push_back(static_cast<std::uint8_t>(i * 2654435761U >> 13));
  std::fill_n(planes.begin(), 10, std::uint8_t{0});
  return planes;
}

using Rgb = std::array<double, 3>;

double cut(double value) {
  return std::floor(std::clamp(value, 0.0, 255.0));
}

double gray(const Rgb& rgb) {
  return std::floor(0.2989 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] + 1e-9);
}

/// Python's colorsys, which is torchvision's formula.
Rgb turn_hue(const Rgb& rgb, double shift) {
  const double r = rgb[0] / 255, g = rgb[1] / 255, b = rgb[2] / 255;
  const double most = std::max({r, g, b}), least = std::min({r, g, b}), chroma = most - least;
  if (chroma == 0) return {cut(most * 255.999), cut(most * 255.999), cut(most * 255.999)};
  double hue = most == r ? (g - b) / chroma : most == g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
  hue = std::fmod(hue / 6 + shift + 2, 1.0);
  const int sextant = static_cast<int>(hue * 6);
  const double f = hue * 6 - sextant, s = chroma / most;
  const double p = most * (1 - s), q = most * (1 - s * f), t = most * (1 - s * (1 - f));
  const std::array<Rgb, 6> all = {
      {{most, t, p}, {q, most, p}, {p, most, t}, {p, q, most}, {t, p, most}, {most, p, q}}};
  Rgb result = all[static_cast<std::size_t>(sextant % 6)];
  for (double& value : result) value = cut(value * 255.999);
  return result;
}

template <class Change>
void expect_each(const ColorJitter::Factors& factors, Change change) {
  const auto before = colors();
  auto after = before;
  ColorJitter::apply(factors, after);
  for (std::size_t i = 0; i < kPixels; ++i) {
    const Rgb rgb = {double(before[i]), double(before[kPixels + i]), double(before[2 * kPixels + i])};
    const Rgb expected = change(rgb);
    for (std::size_t channel = 0; channel < 3; ++channel)
      ASSERT_NEAR(after[channel * kPixels + i], expected[channel], 1) << "pixel " << i;
  }
}

TEST(ColorJitter, NothingChangesWithFactorsOfOne) {
  auto planes = colors();
  ColorJitter::apply({}, planes);
  EXPECT_EQ(planes, colors());
}

TEST(ColorJitter, BrightnessScales) {
  ColorJitter::Factors factors;
  factors.brightness = 1.3F;
  expect_each(factors, [](Rgb rgb) {
    for (double& value : rgb) value = cut(value * 1.3);
    return rgb;
  });
}

TEST(ColorJitter, ContrastMovesFromTheMeanGray) {
  const auto before = colors();
  double mean = 0;
  for (std::size_t i = 0; i < kPixels; ++i)
    mean += gray({double(before[i]), double(before[kPixels + i]), double(before[2 * kPixels + i])}) / kPixels;
  ColorJitter::Factors factors;
  factors.contrast = 0.7F;
  expect_each(factors, [mean](Rgb rgb) {
    for (double& value : rgb) value = cut(value * 0.7 + mean * 0.3);
    return rgb;
  });
}

TEST(ColorJitter, SaturationMovesFromEachPixelsGray) {
  ColorJitter::Factors factors;
  factors.saturation = 0.6F;
  expect_each(factors, [](Rgb rgb) {
    const double level = gray(rgb);
    for (double& value : rgb) value = cut(value * 0.6 + level * 0.4);
    return rgb;
  });
}

TEST(ColorJitter, HueTurns) {
  for (const float shift : {0.1F, -0.1F, 0.03F}) {
    ColorJitter::Factors factors;
    factors.hue = shift;
    expect_each(factors, [shift](const Rgb& rgb) { return turn_hue(rgb, shift); });
  }
}

TEST(ColorJitter, DrawsWithinItsRangesAndInEveryOrder) {
  const ColorJitter jitter;
  std::set<std::array<std::uint8_t, 4>> orders;
  for (std::uint64_t id = 0; id < 2000; ++id) {
    Philox random(1, RandomPurpose::kAugment, 0, id);
    const ColorJitter::Factors factors = jitter.draw(random);
    for (const float factor : {factors.brightness, factors.contrast, factors.saturation}) {
      ASSERT_GE(factor, 0.6F);
      ASSERT_LE(factor, 1.4F);
    }
    ASSERT_LE(std::abs(factors.hue), 0.1F);
    orders.insert(factors.order);
  }
  EXPECT_EQ(orders.size(), 24U);
}

TEST(RandomErasing, FillsARectangleOfTheAreaAskedFor) {
  constexpr std::uint32_t kSide = 64;
  int erased = 0;
  for (std::uint64_t id = 0; id < 2000; ++id) {
    Philox random(1, RandomPurpose::kAugment, 0, id);
    std::vector<std::uint8_t> planes(3 * kSide * kSide, 7);
    RandomErasing{}.apply(random, planes, kSide, kSide);
    const auto filled = kSide * kSide - std::count(planes.begin(), planes.begin() + kSide * kSide, 7);
    if (filled == 0) continue;
    ++erased;
    ASSERT_GE(filled, 0.015 * kSide * kSide);
    ASSERT_LE(filled, 0.35 * kSide * kSide);
  }
  EXPECT_NEAR(erased, 500, 75);
}

}  // namespace
}  // namespace feedline

#include <feedline/data/image/color_jitter.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace feedline {
namespace {

// The loops below are written without branches, so that the compiler makes vectors of them; the machine's
// widest are chosen when the program starts.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define FEEDLINE_WIDEST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FEEDLINE_WIDEST
#endif

/// Rec. 601, as torchvision rounds it.
constexpr float kRed = 0.2989F, kGreen = 0.587F, kBlue = 0.114F;

using Bytes = std::uint8_t* __restrict;

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::min(std::max(value, 0.0F), 255.0F));
}

/// Gray of a pixel, cut to a whole number.
int gray(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  return static_cast<int>(kRed * red + kGreen * green + kBlue * blue);
}

/// value x ratio + other x (1 - ratio), where `other` is the same for all.
FEEDLINE_WIDEST void blend_all(Bytes values, std::size_t count, float ratio, float other) {
  const float added = other * (1 - ratio);
  for (std::size_t i = 0; i < count; ++i) values[i] = to_byte(static_cast<float>(values[i]) * ratio + added);
}

FEEDLINE_WIDEST std::int64_t sum_of_grays(const Bytes red, const Bytes green, const Bytes blue,
                                          std::size_t pixels) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < pixels; ++i) sum += gray(red[i], green[i], blue[i]);
  return sum;
}

FEEDLINE_WIDEST void blend_with_gray(Bytes red, Bytes green, Bytes blue, std::size_t pixels, float ratio) {
  for (std::size_t i = 0; i < pixels; ++i) {
    const float added = static_cast<float>(gray(red[i], green[i], blue[i])) * (1 - ratio);
    red[i] = to_byte(static_cast<float>(red[i]) * ratio + added);
    green[i] = to_byte(static_cast<float>(green[i]) * ratio + added);
    blue[i] = to_byte(static_cast<float>(blue[i]) * ratio + added);
  }
}

/// One channel of HSV to RGB: value - chroma x clamp(min(k, 4 - k), 0, 1) with k = (n + 6 hue) mod 6; n is 5,
/// 3, 1 for red, green, blue (the closed form of Smith, "Color gamut transform pairs", SIGGRAPH 1978).
float channel(float n, float hue6, float value, float chroma) {
  float k = n + hue6;
  k = k >= 6 ? k - 6 : k;
  k = k >= 6 ? k - 6 : k;
  return value - chroma * std::min(std::max(std::min(k, 4 - k), 0.0F), 1.0F);
}

FEEDLINE_WIDEST void shift_hue(Bytes red, Bytes green, Bytes blue, std::size_t pixels, float shift) {
  const float shift6 = (shift < 0 ? shift + 1 : shift) * 6;
  constexpr float kToByte = 256 - 1e-3F;  // torchvision's way from 0..1 back to bytes
  for (std::size_t i = 0; i < pixels; ++i) {
    const float r = red[i] / 255.0F, g = green[i] / 255.0F, b = blue[i] / 255.0F;
    const float value = std::max(r, std::max(g, b));
    const float chroma = value - std::min(r, std::min(g, b));
    const float by = chroma > 0 ? 1 / chroma : 0.0F;
    const float from_red = (g - b) * by, from_green = (b - r) * by + 2, from_blue = (r - g) * by + 4;
    float hue6 = value == r ? from_red : value == g ? from_green : from_blue;
    hue6 = hue6 < 0 ? hue6 + 6 : hue6;
    hue6 = hue6 + shift6 >= 6 ? hue6 + shift6 - 6 : hue6 + shift6;
    red[i] = static_cast<std::uint8_t>(channel(5, hue6, value, chroma) * kToByte);
    green[i] = static_cast<std::uint8_t>(channel(3, hue6, value, chroma) * kToByte);
    blue[i] = static_cast<std::uint8_t>(channel(1, hue6, value, chroma) * kToByte);
  }
}

float between(Philox& random, float low, float high) {
  return low + (high - low) * random.next_float();
}

}  // namespace

ColorJitter::Factors ColorJitter::draw(Philox& random) const noexcept {
  Factors factors;
  for (std::uint32_t i = 3; i > 0; --i) std::swap(factors.order[i], factors.order[random.next_below(i + 1)]);
  factors.brightness = between(random, std::max(0.0F, 1 - brightness), 1 + brightness);
  factors.contrast = between(random, std::max(0.0F, 1 - contrast), 1 + contrast);
  factors.saturation = between(random, std::max(0.0F, 1 - saturation), 1 + saturation);
  factors.hue = between(random, -hue, hue);
  return factors;
}

void ColorJitter::apply(const Factors& factors, std::span<std::uint8_t> planes) noexcept {
  const std::size_t pixels = planes.size() / 3;
  std::uint8_t *red = planes.data(), *green = red + pixels, *blue = green + pixels;
  for (const std::uint8_t step : factors.order) {
    if (step == 0) {
      blend_all(planes.data(), planes.size(), factors.brightness, 0);
    } else if (step == 1) {
      const auto mean = static_cast<float>(static_cast<double>(sum_of_grays(red, green, blue, pixels)) /
                                           static_cast<double>(pixels));
      blend_all(planes.data(), planes.size(), factors.contrast, mean);
    } else if (step == 2) {
      blend_with_gray(red, green, blue, pixels, factors.saturation);
    } else {
      shift_hue(red, green, blue, pixels, factors.hue);
    }
  }
}

}  // namespace feedline

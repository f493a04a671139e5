#include "clip_augment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace feedline {
namespace {

constexpr std::array<std::uint32_t, 3> kSpeeds = {90, 100, 110};
constexpr float kNoiseProbability = 0.3F;
constexpr float kLeastSnrDb = 10, kMostSnrDb = 30;
constexpr float kMaskProbability = 0.9F;

/// A normal number of mean 0 and deviation 1 (Box and Muller, 1958).
float next_normal(Philox& random) noexcept {
  const float radius = std::sqrt(-2.0F * std::log(1.0F - random.next_float()));
  return radius * std::cos(2.0F * std::numbers::pi_v<float> * random.next_float());
}

/// Up to `most` out of `size`.
MelMasks::Span draw_mask(Philox& random, std::size_t size, std::size_t most) noexcept {
  const std::uint32_t width = random.next_below(static_cast<std::uint32_t>(std::min(size, most)) + 1);
  const std::uint32_t begin = random.next_below(static_cast<std::uint32_t>(size) - width + 1);
  return {static_cast<std::int32_t>(begin), static_cast<std::int32_t>(begin + width)};
}

}  // namespace

ClipCut draw_cut(Philox& random, std::size_t size, std::size_t clip, Augment augment) {
  ClipCut cut;
  if (augment == Augment::kStrong) cut.speed = kSpeeds[random.next_below(kSpeeds.size())];
  cut.length = std::min(size, clip * cut.speed / 100);
  cut.begin = random.next_below(static_cast<std::uint32_t>(size - cut.length) + 1);
  return cut;
}

ClipCut centre_cut(std::size_t size, std::size_t clip) noexcept {
  const std::size_t length = std::min(size, clip);
  return {(size - length) / 2, length, 100};
}

void add_noise(Philox& random, std::span<float> wave) noexcept {
  if (random.next_float() >= kNoiseProbability) return;
  const float snr_db = kLeastSnrDb + (kMostSnrDb - kLeastSnrDb) * random.next_float();
  double power = 0;
  for (const float sample : wave) power += static_cast<double>(sample) * sample;
  if (power == 0) return;
  const double mean = power / static_cast<double>(wave.size());
  const auto scale = static_cast<float>(std::sqrt(mean * std::pow(10.0, -snr_db / 10.0)));
  for (float& sample : wave) sample += scale * next_normal(random);
}

MelMasks draw_masks(Philox& random, std::size_t bands, std::size_t frames) noexcept {
  MelMasks masks;
  if (random.next_float() >= kMaskProbability || frames == 0) return masks;
  for (MelMasks::Span& mask : masks.bands) mask = draw_mask(random, bands, bands / 3);
  for (MelMasks::Span& mask : masks.frames) mask = draw_mask(random, frames, frames * 75 / 1000);
  return masks;
}

}  // namespace feedline

#include "clip_augment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace feedline {
namespace {

constexpr std::array<std::uint32_t, 3> kSpeeds = {90, 100, 110};
constexpr float kNoiseProbability = 0.3F;
constexpr float kLeastSnrDb = 10, kMostSnrDb = 30;
constexpr float kMaskProbability = 0.9F;
constexpr int kMasks = 2;

/// A normal number of mean 0 and deviation 1 (Box and Muller, 1958).
float next_normal(Philox& random) noexcept {
  const float radius = std::sqrt(-2.0F * std::log(1.0F - random.next_float()));
  return radius * std::cos(2.0F * std::numbers::pi_v<float> * random.next_float());
}

/// A span of up to `most` out of `size`.
struct Mask {
  std::size_t begin, end;
};

Mask draw_mask(Philox& random, std::size_t size, std::size_t most) noexcept {
  const std::size_t width = random.next_below(static_cast<std::uint32_t>(std::min(size, most)) + 1);
  const std::size_t begin = random.next_below(static_cast<std::uint32_t>(size - width) + 1);
  return {begin, begin + width};
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

void mask_spectrogram(Philox& random, std::span<float> mel, std::size_t bands, std::size_t frames) noexcept {
  if (random.next_float() >= kMaskProbability || frames == 0) return;
  const std::size_t room = mel.size() / bands;
  std::array<Mask, kMasks> across_bands{}, across_frames{};
  for (Mask& mask : across_bands) mask = draw_mask(random, bands, bands / 3);
  for (Mask& mask : across_frames) mask = draw_mask(random, frames, frames * 75 / 1000);
  for (std::size_t band = 0; band < bands; ++band) {
    const std::span<float> row = mel.subspan(band * room, frames);
    const float mean = std::accumulate(row.begin(), row.end(), 0.0F) / static_cast<float>(frames);
    const auto fill = [&](std::size_t begin, std::size_t end) {
      std::fill(row.begin() + static_cast<std::ptrdiff_t>(begin),
                row.begin() + static_cast<std::ptrdiff_t>(end), mean);
    };
    for (const Mask& mask : across_frames) fill(mask.begin, mask.end);
    for (const Mask& mask : across_bands)
      if (band >= mask.begin && band < mask.end) fill(0, frames);
  }
}

}  // namespace feedline

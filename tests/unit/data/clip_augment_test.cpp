#include "audio/clip_augment.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace feedline {
namespace {

Philox random_of(std::uint64_t id) {
  return {5, RandomPurpose::kAugment, 0, id};
}

TEST(ClipAugment, CutsLieInsideTheWave) {
  std::set<std::uint32_t> speeds;
  std::set<std::size_t> begins;
  for (std::uint64_t id = 0; id < 300; ++id) {
    Philox random = random_of(id);
    const ClipCut cut = draw_cut(random, 1000, 400, Augment::kStrong);
    EXPECT_LE(cut.begin + cut.length, 1000U);
    EXPECT_EQ(cut.length, 400U * cut.speed / 100);
    speeds.insert(cut.speed);
    begins.insert(cut.begin);
  }
  EXPECT_EQ(speeds, (std::set<std::uint32_t>{90, 100, 110}));
  EXPECT_GT(begins.size(), 100U);
}

TEST(ClipAugment, AShortWaveIsTakenWhole) {
  Philox random = random_of(1);
  const ClipCut cut = draw_cut(random, 100, 400, Augment::kBasic);
  EXPECT_EQ(cut.begin, 0U);
  EXPECT_EQ(cut.length, 100U);
  EXPECT_EQ(cut.speed, 100U);
  EXPECT_EQ(centre_cut(100, 400).length, 100U);
  EXPECT_EQ(centre_cut(1000, 400).begin, 300U);
}

TEST(ClipAugment, NoiseIsTenToThirtyDbBelow) {
  int changed = 0;
  for (std::uint64_t id = 0; id < 200; ++id) {
    std::vector<float> wave(4000, 0.5F);
    Philox random = random_of(id);
    add_noise(random, wave);
    double power = 0;
    for (const float sample : wave) power += (sample - 0.5) * (sample - 0.5);
    if (power == 0) continue;
    ++changed;
    const double snr_db = 10 * std::log10(0.25 * 4000 / power);
    EXPECT_GT(snr_db, 9);
    EXPECT_LT(snr_db, 31);
  }
  EXPECT_NEAR(changed, 60, 25);
}

TEST(ClipAugment, SilenceStaysSilent) {
  for (std::uint64_t id = 0; id < 50; ++id) {
    std::vector<float> wave(100, 0.0F);
    Philox random = random_of(id);
    add_noise(random, wave);
    EXPECT_EQ(wave, std::vector<float>(100, 0.0F));
  }
}

TEST(ClipAugment, MasksStayInsideWhatIsValidAndSmall) {
  for (std::uint64_t id = 0; id < 100; ++id) {
    const std::size_t bands = 30, frames = 200, room = 220;
    std::vector<float> mel(bands * room);
    for (std::size_t i = 0; i < mel.size(); ++i) mel[i] = static_cast<float>(i % room) + 1000.0F;
    const std::vector<float> before = mel;
    Philox random = random_of(id);
    cover(draw_masks(random, bands, frames), mel, bands, frames);
    std::size_t whole_frames = 0;
    for (std::size_t frame = 0; frame < room; ++frame) {
      std::size_t changed = 0;
      for (std::size_t band = 0; band < bands; ++band)
        changed += mel[band * room + frame] != before[band * room + frame] ? 1 : 0;
      if (frame >= frames) {
        EXPECT_EQ(changed, 0U);
      }
      whole_frames += changed == bands ? 1 : 0;
    }
    EXPECT_LE(whole_frames, frames * 15 / 100);
  }
}

}  // namespace
}  // namespace feedline

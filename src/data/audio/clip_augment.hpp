#pragma once

#include <feedline/common/philox.hpp>
#include <feedline/data/audio/mel_masks.hpp>
#include <feedline/data/open_data.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// Where a clip is cut out of a wave, and at which speed it is played.
struct ClipCut {
  std::size_t begin = 0;
  std::size_t length = 0;     ///< samples of the wave, before the speed changes them
  std::uint32_t speed = 100;  ///< per cent
};

/// Draws the cut of `clip` samples from a wave of `size`: any place; with `Augment::kStrong` also the speed,
/// 90, 100 or 110 per cent (lhotse and icefall: 0.9, 1.0, 1.1). A shorter wave is taken whole.
ClipCut draw_cut(Philox& random, std::size_t size, std::size_t clip, Augment augment);

/// The clip in the middle.
ClipCut centre_cut(std::size_t size, std::size_t clip) noexcept;

/// With probability 0.3 adds white noise, 10 to 30 dB below the wave's mean power; nothing to a silent wave.
void add_noise(Philox& random, std::span<float> wave) noexcept;

/// SpecAugment without time warping (Park et al. 2019) as lhotse has it, sizes by the number of bands and
/// frames: with probability 0.9 two masks of up to a third of the bands and two of up to 7.5 % of the valid
/// frames each.
MelMasks draw_masks(Philox& random, std::size_t bands, std::size_t frames) noexcept;

}  // namespace feedline

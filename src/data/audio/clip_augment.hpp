#pragma once

#include <feedline/common/philox.hpp>
#include <feedline/data/audio/mel_masks.hpp>
#include <feedline/data/open_data.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// The place of a clip in a wave, and the speed at which it is played.
struct ClipCut {
  std::size_t begin = 0;
  std::size_t length = 0;     ///< Samples of the wave, before the speed changes their number
  std::uint32_t speed = 100;  ///< Speed in per cent
};

/// Draws the cut of `clip` samples from a wave of `size` samples: any place, and with `Augment::kStrong` also
/// the speed, 90, 100 or 110 per cent (lhotse and icefall: 0.9, 1.0, 1.1). A shorter wave is taken whole.
ClipCut draw_cut(Philox& random, std::size_t size, std::size_t clip, Augment augment);

/// Returns the cut of the clip in the middle.
ClipCut centre_cut(std::size_t size, std::size_t clip) noexcept;

/// Adds, with probability 0.3, white noise that is 10 to 30 dB below the wave's mean power. A silent wave
/// stays silent.
void add_noise(Philox& random, std::span<float> wave) noexcept;

/// Draws the masks of SpecAugment without time warping (Park et al. 2019) as lhotse does, with sizes by the
/// number of bands and frames: with probability 0.9, two masks of up to a third of the bands, and two of up
/// to 7.5 % of the valid frames each.
MelMasks draw_masks(Philox& random, std::size_t bands, std::size_t frames) noexcept;

}  // namespace feedline

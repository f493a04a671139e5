#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace feedline {

/// Copies a spectrogram, bands of equal length one after the other, to the start of each band of `out`, and
/// fills the rest of each band with `padding`. `out` must have at least as much room.
inline void copy_features(std::span<const float> features, std::size_t bands, std::span<float> out,
                          float padding) noexcept {
  const std::size_t frames = features.size() / bands, room = out.size() / bands;
  for (std::size_t band = 0; band < bands; ++band) {
    const auto from = features.subspan(band * frames, frames);
    const auto to = out.subspan(band * room, room);
    std::fill(std::copy(from.begin(), from.end(), to.begin()), to.end(), padding);
  }
}

}  // namespace feedline

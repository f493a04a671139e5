#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// The bands and frames of one spectrogram that SpecAugment masks (Park et al., 2019), each from `begin` up
/// to `end`. As rows of a batch: int32 [4, 2].
struct MelMasks {
  static constexpr int kEach = 2;

  struct Span {
    std::int32_t begin = 0, end = 0;

    bool operator==(const Span&) const = default;
  };
  Span bands[kEach], frames[kEach];

  bool operator==(const MelMasks&) const = default;
};
static_assert(sizeof(MelMasks) == 4 * 2 * sizeof(std::int32_t));

/// Sets the masked values to the mean of their band over the first `frames`; later frames stay unchanged.
/// `mel` is [bands, any number].
void cover(const MelMasks& masks, std::span<float> mel, std::size_t bands, std::size_t frames) noexcept;

}  // namespace feedline

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// What SpecAugment covers of one spectrogram (Park et al., 2019): bands and frames from `begin` up to `end`.
/// As rows of a batch: int32 [4, 2].
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

/// Sets what the masks cover to the mean of its band over the first `frames`; what is behind those stays.
/// `mel` is [bands, any number].
void cover(const MelMasks& masks, std::span<float> mel, std::size_t bands, std::size_t frames) noexcept;

}  // namespace feedline

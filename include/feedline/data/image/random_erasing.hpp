#pragma once

#include <feedline/common/philox.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace feedline {

/// torchvision's v2.RandomErasing: a part of random area and shape is filled. After ten failed tries the
/// picture stays unchanged.
struct RandomErasing {
  float p = 0.25F;
  double min_scale = 0.02, max_scale = 0.33;           ///< Share of the picture's area
  double min_ratio = 0.3, max_ratio = 3.3;             ///< Height by width
  std::array<std::uint8_t, 3> fill = {124, 116, 104};  ///< ImageNet's mean: 0 after normalisation

  /// Draws a part and erases it in three planes of `height` x `width`.
  void apply(Philox& random, std::span<std::uint8_t> planes, std::uint32_t height,
             std::uint32_t width) const noexcept;
};

}  // namespace feedline

#pragma once

#include <feedline/common/philox.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace feedline {

/// torchvision's v2.ColorJitter on bytes: the same ranges of factors, the same formulas, in random order.
struct ColorJitter {
  float brightness = 0.4F, contrast = 0.4F, saturation = 0.4F;  ///< Factors are drawn from 1 - x to 1 + x
  float hue = 0.1F;                                             ///< The shift is drawn from -hue to hue turns

  /// The changes to one picture.
  struct Factors {
    float brightness = 1, contrast = 1, saturation = 1;
    float hue = 0;
    std::array<std::uint8_t, 4> order = {0, 1, 2, 3};  ///< Order of brightness, contrast, saturation, hue
  };

  /// Draws seven numbers.
  Factors draw(Philox& random) const noexcept;

  /// Changes three planes (R, G, B) of equal size in place.
  static void apply(const Factors& factors, std::span<std::uint8_t> planes) noexcept;
};

}  // namespace feedline

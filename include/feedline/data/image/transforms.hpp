#pragma once

#include <feedline/common/philox.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// Shape of a picture in memory: planes of rows, uint8.
struct ImageShape {
  std::int64_t channels = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;

  std::size_t bytes() const noexcept { return static_cast<std::size_t>(channels * height * width); }
  bool operator==(const ImageShape&) const = default;
};

/// Pixels by which a picture is moved; negative is up and left.
struct Shift {
  std::int64_t down = 0;
  std::int64_t right = 0;
};

/// torchvision's v2.RandomCrop(size of the picture, padding, fill=0): each of the (2 padding + 1)^2 places is
/// equally likely.
struct RandomCrop {
  std::int64_t padding = 2;

  /// Draws two numbers.
  Shift draw(Philox& random) const noexcept;
};

/// torchvision's v2.RandomHorizontalFlip(p).
struct RandomHorizontalFlip {
  float p = 0.5F;

  /// Draws one number.
  bool draw(Philox& random) const noexcept { return random.next_float() < p; }
};

/// Moves the picture, with zeros in the uncovered part, then mirrors it left to right when `flip`, in one
/// pass from the source into the destination. They must not overlap and hold `shape.bytes()` each.
void shift_and_flip(std::span<const std::byte> source, std::span<std::byte> destination,
                    const ImageShape& shape, Shift shift, bool flip) noexcept;

}  // namespace feedline

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// The number of stored pixels per value of a component, in both directions.
struct Grain {
  std::uint8_t width = 1;
  std::uint8_t height = 1;

  bool operator==(const Grain&) const = default;
};

/// The facts in the header of a picture file. Sizes are those of the stored pixels; `orientation`
/// (EXIF, 1..8) is the way to turn them for viewing. `grains` belong to the picture shrunk by 2, 4 and 8:
/// each is that of the coarsest component, except for components that no smaller shrink would make finer.
struct PictureHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int orientation = 1;
  std::array<Grain, 3> grains{{{2, 2}, {4, 4}, {8, 8}}};

  bool operator==(const PictureHeader&) const = default;
};

/// A part of a picture, in pixels.
struct PixelBox {
  std::uint32_t left = 0;
  std::uint32_t top = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  bool operator==(const PixelBox&) const = default;
};

/// Pixels in memory: interleaved RGB bytes, in rows of `stride` bytes. At least `kPixelPadding` bytes after
/// the last row may be read.
struct PixelView {
  const std::uint8_t* data = nullptr;
  std::size_t stride = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

inline constexpr std::size_t kPixelPadding = 64;
inline constexpr std::size_t kPixelBytes = 3;

/// Larger pictures are refused as mistakes or attacks: 134 megapixels are 400 MB when decoded.
inline constexpr std::uint64_t kMostPixels = std::uint64_t{1} << 27;

}  // namespace feedline

#pragma once

#include "image/codec/picture.hpp"

#include <cstdint>
#include <vector>

namespace feedline {

/// The part of a picture that is scaled to the output. It may begin and end within a pixel.
struct RealBox {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

/// The input pixels that make up each output pixel along one axis, and their weights. The filter is the
/// antialiased triangle of Pillow's Image.resize(BILINEAR, box=...) and torchvision's resize(antialias=True):
/// its support is one output pixel to each side, and at least two input pixels.
class ResizeTaps {
 public:
  /// Plans the taps of `out` output pixels over [from, from + length) of an axis of `in` pixels, which the
  /// taps never leave; mirrored when `flip`. The number of pixels is rounded up to a multiple of `multiple`
  /// by repeating the last one.
  void plan(std::uint32_t in, double from, double length, std::uint32_t out, bool flip,
            std::uint32_t multiple);

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(starts_.size()); }
  std::uint32_t start(std::uint32_t i) const noexcept { return starts_[i]; }

  /// Returns the number of taps per output pixel. It is the same for all, so that loops over them are alike.
  std::uint32_t count() const noexcept { return count_; }

  /// Returns the `count()` weights of output pixel `i` in units of 1/65536, which add up to 65535 or 65536.
  const std::uint16_t* weights(std::uint32_t i) const noexcept { return weights_.data() + i * stride_; }

 private:
  void plan_one(std::uint32_t i, std::uint32_t in, float center, float scale);

  std::uint32_t count_ = 0;
  std::size_t stride_ = 0;  ///< Number of weights that an output pixel has room for
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint16_t> weights_;
  std::vector<float> exact_;
};

/// Scales pictures. Keeps its memory from picture to picture. For one thread at a time.
class Resizer {
 public:
  /// Scales `box` of `in` to `height` x `width` and writes three planes of bytes (R, G, B) to `out`. Mirrors
  /// columns (left to right) and rows (top to bottom) as requested.
  void resize(const PixelView& in, const RealBox& box, bool mirror_columns, bool mirror_rows,
              std::uint32_t width, std::uint32_t height, std::uint8_t* out);

 private:
  ResizeTaps columns_, rows_;
  std::vector<std::uint16_t> strip_;
};

}  // namespace feedline

#pragma once

#include "image/codec/picture.hpp"

#include <cstdint>
#include <vector>

namespace feedline {

/// The part of a picture that is scaled to the output; may begin and end within a pixel.
struct RealBox {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

/// Which input pixels make up each output pixel along one axis, and with which weights. The antialiased
/// triangle filter, as in Pillow's Image.resize(BILINEAR, box=...) and torchvision's resize(antialias=True):
/// its support is one output pixel to each side, two input pixels at least.
class ResizeTaps {
 public:
  /// For `out` output pixels over [from, from + length) of an axis of `in` pixels, which the taps never
  /// leave; mirrored when `flip`. Rounded up to a multiple of `multiple` pixels by repeating the last.
  void plan(std::uint32_t in, double from, double length, std::uint32_t out, bool flip,
            std::uint32_t multiple);

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(starts_.size()); }
  std::uint32_t start(std::uint32_t i) const noexcept { return starts_[i]; }

  /// Taps of every output pixel: the same for all, so that loops over them are alike.
  std::uint32_t count() const noexcept { return count_; }

  /// `count()` weights in units of 1/65536, which add up to 65535 or 65536.
  const std::uint16_t* weights(std::uint32_t i) const noexcept { return weights_.data() + i * stride_; }

 private:
  void plan_one(std::uint32_t i, std::uint32_t in, float center, float scale);

  std::uint32_t count_ = 0;
  std::size_t stride_ = 0;  ///< weights an output pixel has room for
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint16_t> weights_;
  std::vector<float> exact_;
};

/// Scales pictures. Keeps its memory from picture to picture. One thread at a time.
class Resizer {
 public:
  /// Scales `box` of `in` to `height` x `width` and writes three planes of bytes (R, G, B) to `out`. Mirrors
  /// left and right, top and bottom as asked.
  void resize(const PixelView& in, const RealBox& box, bool mirror_columns, bool mirror_rows,
              std::uint32_t width, std::uint32_t height, std::uint8_t* out);

 private:
  ResizeTaps columns_, rows_;
  std::vector<std::uint16_t> strip_;
};

}  // namespace feedline

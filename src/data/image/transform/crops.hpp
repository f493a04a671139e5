#pragma once

#include "image/codec/picture.hpp"
#include "resize.hpp"

#include <feedline/common/philox.hpp>

#include <cstdint>

namespace feedline {

/// torchvision's v2.RandomResizedCrop: a part of random area and shape. Ten tries, then the largest centre
/// part of an allowed shape.
struct RandomResizedCrop {
  double min_scale = 0.08, max_scale = 1.0;  ///< share of the picture's area
  double min_ratio = 3.0 / 4, max_ratio = 4.0 / 3;

  /// Of a picture of `width` x `height`, as viewed.
  PixelBox draw(Philox& random, std::uint32_t width, std::uint32_t height) const noexcept;
};

/// The part of a picture that torchvision's v2.Resize(resize_to) and v2.CenterCrop(size) leave: the centre of
/// the picture after its shorter side was scaled to `resize_to`. In pixels of the picture.
RealBox center_crop(std::uint32_t width, std::uint32_t height, std::uint32_t resize_to,
                    std::uint32_t size) noexcept;

/// How a part of a viewed picture lies in the stored one.
struct Placement {
  RealBox box;  ///< of the stored picture
  bool transposed = false;
  bool mirror_columns = false;  ///< of the stored picture
  bool mirror_rows = false;
};

/// Of `box` in the picture as it is viewed; `flip` mirrors the view left and right. CIPA DC-008, 4.6.4 tag
/// 274.
Placement place(const PictureHeader& header, const RealBox& box, bool flip) noexcept;

/// Size of the picture as it is viewed: width and height change places for the orientations 5 to 8.
PictureHeader as_viewed(const PictureHeader& header) noexcept;

/// Transposes three square planes in place.
void transpose_planes(std::uint8_t* planes, std::uint32_t side) noexcept;

}  // namespace feedline

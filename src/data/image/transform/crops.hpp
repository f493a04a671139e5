#pragma once

#include "image/codec/picture.hpp"
#include "resize.hpp"

#include <feedline/common/philox.hpp>

#include <cstdint>

namespace feedline {

/// The crop of torchvision's v2.RandomResizedCrop: a part of random area and shape. After ten failed tries it
/// is the largest centre part of an allowed shape.
struct RandomResizedCrop {
  double min_scale = 0.08, max_scale = 1.0;  ///< Limits of the part's share in the picture's area
  double min_ratio = 3.0 / 4, max_ratio = 4.0 / 3;

  /// Draws the crop of a picture of `width` x `height` as it is viewed.
  PixelBox draw(Philox& random, std::uint32_t width, std::uint32_t height) const noexcept;
};

/// Returns the part of a picture that torchvision's v2.Resize(resize_to) and v2.CenterCrop(size) leave, in
/// pixels of the picture: its centre after its shorter side is scaled to `resize_to`.
RealBox center_crop(std::uint32_t width, std::uint32_t height, std::uint32_t resize_to,
                    std::uint32_t size) noexcept;

/// The place of a part of a viewed picture in the stored picture.
struct Placement {
  RealBox box;  ///< Box in the stored picture
  bool transposed = false;
  bool mirror_columns = false;  ///< Whether the columns of the stored picture are mirrored
  bool mirror_rows = false;
};

/// Returns the placement of `box` of the picture as it is viewed; `flip` mirrors the view left to right. See
/// CIPA DC-008, 4.6.4, tag 274.
Placement place(const PictureHeader& header, const RealBox& box, bool flip) noexcept;

/// Returns the header with the size of the picture as it is viewed: width and height are swapped for the
/// orientations 5 to 8.
PictureHeader as_viewed(const PictureHeader& header) noexcept;

/// Transposes three square planes in place.
void transpose_planes(std::uint8_t* planes, std::uint32_t side) noexcept;

}  // namespace feedline

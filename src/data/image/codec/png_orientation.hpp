#pragma once

#include <cstddef>
#include <span>

namespace feedline {

/// The orientation (1..8) that a PNG file declares, 1 when none, as in Pillow: in its eXIf chunk, else in the
/// text "Raw profile type exif" that ImageMagick writes, else in its XMP packet; the last one of each.
/// Metadata whose checksum is wrong is passed over.
int png_orientation(std::span<const std::byte> file);

}  // namespace feedline

#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace feedline {

/// The orientation (1..8) that a PNG file declares, 1 when none, as in Pillow: in its eXIf chunk, else in the
/// text "Raw profile type exif" that ImageMagick writes, else in its XMP packet; the last one of each.
/// Metadata whose checksum is wrong is passed over.
int png_orientation(std::span<const std::byte> file);

/// What of the metadata that may say how the picture is to be turned cannot be read, though its checksum is
/// right; empty when nothing.
std::string_view png_orientation_damage(std::span<const std::byte> file);

}  // namespace feedline

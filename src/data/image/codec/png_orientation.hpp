#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace feedline {

/// Returns the orientation (1..8) that a PNG file declares, as Pillow does: in its eXIf chunk, else in the
/// text "Raw profile type exif" that ImageMagick writes, else in its XMP packet, and in the last one of each
/// kind; 1 when there is none. Metadata with a wrong checksum is ignored.
int png_orientation(std::span<const std::byte> file);

/// Returns the damage of metadata that may hold the orientation and has a correct checksum; empty when there
/// is none.
std::string_view png_orientation_damage(std::span<const std::byte> file);

}  // namespace feedline

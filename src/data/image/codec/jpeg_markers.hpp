#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace feedline {

/// Returns the orientation (1..8) that a JPEG file declares in its EXIF block or, where that declares none,
/// in its XMP packet, as Pillow does; 1 when there is none. Reads only the markers of the file.
int jpeg_orientation(std::span<const std::byte> file);

/// Returns the damage of the EXIF block, see exif_damage; empty when there is no damage or no such block.
std::string_view jpeg_exif_damage(std::span<const std::byte> file);

/// Returns whether the file ends with the end marker, or with fill bytes after it, so that it is whole.
bool jpeg_has_end(std::span<const std::byte> file) noexcept;

}  // namespace feedline

#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace feedline {

/// The orientation (1..8) that a JPEG file declares in its EXIF block or, when that says nothing, its XMP
/// packet, as in Pillow; 1 when none. Looks at its markers only.
int jpeg_orientation(std::span<const std::byte> file);

/// What of its EXIF block cannot be read, see exif_damage; empty when nothing, or it has none.
std::string_view jpeg_exif_damage(std::span<const std::byte> file);

/// Whether the file ends with the end marker, or fill bytes after it: one that does was not cut off.
bool jpeg_has_end(std::span<const std::byte> file) noexcept;

}  // namespace feedline

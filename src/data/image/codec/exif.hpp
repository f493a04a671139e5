#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace feedline {

/// The bytes that begin an EXIF block in a JPEG file, before its TIFF header.
inline constexpr std::string_view kExifStart{"Exif\0\0", 6};

/// Returns the orientation (1..8) of an EXIF block, with or without its start: 1 when the block declares an
/// invalid one, std::nullopt when it declares none. CIPA DC-008 (Exif 2.32), 4.6.4 tag 274, read as Pillow
/// reads it: numbers of any type and in either byte order.
std::optional<int> exif_orientation(std::span<const std::byte> block) noexcept;

/// Returns which part of an EXIF block cannot be read, although it may hold the orientation, as a short
/// clause; empty when the block is sound.
std::string_view exif_damage(std::span<const std::byte> block) noexcept;

}  // namespace feedline

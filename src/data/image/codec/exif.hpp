#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace feedline {

/// What an EXIF block begins with in a JPEG file, before its TIFF header.
inline constexpr std::string_view kExifStart{"Exif\0\0", 6};

/// The orientation (1..8) of an EXIF block, with or without its start; 1 when it declares one that makes no
/// sense, nothing when it declares none. CIPA DC-008 (Exif 2.32), 4.6.4 tag 274, read as Pillow reads it:
/// numbers of any type and either byte order.
std::optional<int> exif_orientation(std::span<const std::byte> block) noexcept;

/// What of an EXIF block cannot be read though it may say how the picture is to be turned, as a short clause;
/// empty when nothing is wrong.
std::string_view exif_damage(std::span<const std::byte> block) noexcept;

}  // namespace feedline

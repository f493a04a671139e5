#pragma once

#include <cstddef>
#include <span>

namespace feedline {

/// The orientation (1..8) of an EXIF block, which starts with "Exif\0\0" and a TIFF header; 1 when there is
/// none or it makes no sense. CIPA DC-008 (Exif 2.32), 4.6.4 tag 274.
int exif_orientation(std::span<const std::byte> block) noexcept;

}  // namespace feedline

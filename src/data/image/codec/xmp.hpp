#pragma once

#include <optional>
#include <string_view>

namespace feedline {

/// Returns the orientation (1..8) that an XMP packet declares, as Pillow looks for it: tiff:Orientation as an
/// attribute or an element. 1 when it is invalid, std::nullopt when there is none.
std::optional<int> xmp_orientation(std::string_view packet) noexcept;

}  // namespace feedline

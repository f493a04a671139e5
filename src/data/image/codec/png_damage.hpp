#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace feedline {

/// Returns the damage of a PNG file that can still be decoded: a wrong checksum of its metadata, its end or
/// its pixels; empty when there is none. Unpacks the pixels to find out.
std::string find_png_damage(std::span<const std::byte> file);

}  // namespace feedline

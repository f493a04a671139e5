#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace feedline {

/// What is damaged about a PNG file that can be decoded: checksums of its metadata, its end or its pixels;
/// empty when nothing is. Unpacks the pixels for it.
std::string find_png_damage(std::span<const std::byte> file);

}  // namespace feedline

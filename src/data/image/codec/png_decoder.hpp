#pragma once

#include "picture.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

bool is_png(std::span<const std::byte> file) noexcept;

/// Reads the header; metadata counts only for the orientation. Throws DecodeError when it is no PNG file that
/// can be read, or declares more pixels than it can hold or than are allowed.
PictureHeader read_png_header(std::span<const std::byte> file);

/// Decodes the pixels of `box` into `out` as RGB bytes, rows of `stride` bytes. Gray and palette become RGB,
/// alpha is dropped, of 16 bits the upper 8 are taken, as Pillow's convert("RGB") does. Reads the whole file,
/// so that a damaged one is found whatever the box. Throws DecodeError.
void decode_png(std::span<const std::byte> file, const PixelBox& box, std::uint8_t* out, std::size_t stride);

}  // namespace feedline

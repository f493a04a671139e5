#pragma once

#include "picture.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

bool is_png(std::span<const std::byte> file) noexcept;

/// Reads the header; of the metadata only the orientation is used. Throws DecodeError when the file is not a
/// readable PNG file, or declares more pixels than it can hold or than are allowed.
PictureHeader read_png_header(std::span<const std::byte> file);

/// Decodes the pixels of `box` into `out` as RGB bytes, in rows of `stride` bytes. Gray and palette become
/// RGB, alpha is dropped, and of 16 bits the upper 8 are taken, as in Pillow's convert("RGB"). Reads the
/// whole file, so that damage is found for any box. Throws DecodeError.
void decode_png(std::span<const std::byte> file, const PixelBox& box, std::uint8_t* out, std::size_t stride);

}  // namespace feedline

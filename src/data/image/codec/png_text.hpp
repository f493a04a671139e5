#pragma once

#include "png_chunks.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace feedline {

/// The keyword of a text chunk (tEXt, zTXt, iTXt: PNG specification, section 11.3.4); empty for others.
std::string_view png_keyword(const PngChunk& chunk) noexcept;

/// The text of a chunk, unpacked up to 8 MiB; nothing when it is no text chunk or damaged.
std::optional<std::string> png_text(const PngChunk& chunk);

}  // namespace feedline

#pragma once

#include "png_chunks.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace feedline {

/// Returns the keyword of a text chunk (tEXt, zTXt, iTXt: PNG specification, section 11.3.4); empty for other
/// chunks.
std::string_view png_keyword(const PngChunk& chunk) noexcept;

/// Returns the text of a chunk, unpacked up to 8 MiB; std::nullopt for other chunks and for damaged ones.
std::optional<std::string> png_text(const PngChunk& chunk);

}  // namespace feedline

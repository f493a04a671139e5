#pragma once

#include <feedline/data/speech/text_encoding.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace feedline {

/// Returns a file's bytes as UTF-8, without a byte order mark at the start. `name` is the file in messages.
/// Throws DataError, with line and byte, for bytes that are not text in that encoding: undeclared UTF-16,
/// zero bytes, invalid UTF-8 (with the letters in the likely encodings); UsageError for an encoding that this
/// system's iconv does not know.
std::string to_utf8(std::span<const std::byte> bytes, TextEncoding encoding, std::string_view name);

/// Returns the number of bytes from the start that are valid UTF-8.
std::size_t valid_utf8(std::string_view text) noexcept;

}  // namespace feedline

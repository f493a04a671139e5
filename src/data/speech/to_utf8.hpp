#pragma once

#include <feedline/data/speech/text_encoding.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace feedline {

/// A file's bytes as UTF-8 without a byte order mark at the start. `name` is the file in the messages.
/// Throws DataError, with line and byte, for what is not text in that encoding: UTF-16 that is not said, zero
/// bytes, broken UTF-8 (with what the letters would be in the likely encodings); UsageError for an encoding
/// that this system's iconv does not know.
std::string to_utf8(std::span<const std::byte> bytes, TextEncoding encoding, std::string_view name);

/// How many bytes from the start are valid UTF-8.
std::size_t valid_utf8(std::string_view text) noexcept;

}  // namespace feedline

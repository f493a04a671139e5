#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace feedline {

enum class TextEncoding : std::uint8_t { kUtf8, kWindows1252, kLatin1 };

/// Of "utf-8", "windows-1252" or "latin1"; throws UsageError for anything else.
TextEncoding parse_text_encoding(std::string_view name);

/// A file's bytes as UTF-8 without a byte order mark. `name` is the file in the messages.
/// Throws DataError, with line and byte, for what is not text in that encoding: UTF-16, zero bytes, broken
/// UTF-8.
std::string to_utf8(std::span<const std::byte> bytes, TextEncoding encoding, std::string_view name);

}  // namespace feedline

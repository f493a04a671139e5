#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace feedline {

/// Formats a number of bytes: "412 B", "3.2 MiB", "1.5 GiB".
std::string format_bytes(std::uint64_t bytes);

/// Formats a duration: "12.3 s", "4 min 05 s", "2 h 14 min".
std::string format_duration(double seconds);

/// Parses a number of bytes such as "3G", "512M", "64KiB", "1.5g" or "4096" (units are powers of 1024).
/// Returns std::nullopt for other text.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// Returns the shortest text that reads back as the same number, with a decimal point: "2.0", "0.25".
std::string format_number(double value);

/// Returns the candidate with the fewest edits to `word`, or std::nullopt when none is close enough.
std::optional<std::string> nearest_name(std::string_view word, std::span<const std::string> candidates);

/// Returns a name or message that is safe to show: control characters and bytes that are not UTF-8 become C
/// escapes ("\n", "\x1b"), so that none reaches a terminal or forges a line. All else stays unchanged.
std::string printable(std::string_view text);

/// Returns `text` with its ASCII letters in lower case.
std::string lower(std::string_view text);

/// Formats a 64-bit digest as 16 hexadecimal digits.
std::string hex(std::uint64_t value);

}  // namespace feedline

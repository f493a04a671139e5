#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace feedline {

/// "412 B", "3.2 MiB", "1.5 GiB".
std::string format_bytes(std::uint64_t bytes);

/// "12.3 s", "4 min 05 s", "2 h 14 min".
std::string format_duration(double seconds);

/// Bytes of "3G", "512M", "64KiB", "1.5g" or "4096" (units are powers of 1024); nothing when it is none.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// The shortest text that reads back as the same number, with a decimal point: "2.0", "0.25".
std::string format_number(double value);

/// Of `candidates`, the one with the fewest edits to `word`, when that is close enough to be meant.
std::optional<std::string> nearest_name(std::string_view word, std::span<const std::string> candidates);

/// A name or a message as it can be shown: control characters and bytes that are no UTF-8 are written as C
/// escapes ("\n", "\x1b"), so that none reaches a terminal or forges a line. Anything else stays as it is.
std::string printable(std::string_view text);

/// ASCII letters as small ones.
std::string lower(std::string_view text);

/// "hex" of a 64-bit digest, 16 digits.
std::string hex(std::uint64_t value);

}  // namespace feedline

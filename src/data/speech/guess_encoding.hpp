#pragma once

#include <string>
#include <string_view>

namespace feedline {

/// The remedy for a file that is not UTF-8: the likely encodings, with what a word of it would be in each,
/// best first; or the lines to mend when only some of them are not UTF-8.
std::string offer_encodings(std::string_view bytes);

/// "utf-16le" or "utf-16be" by where the zero bytes are; empty when they are at both.
std::string_view likely_utf16(std::string_view bytes) noexcept;

}  // namespace feedline

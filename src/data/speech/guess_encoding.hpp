#pragma once

#include <string>
#include <string_view>

namespace feedline {

/// Returns the remedy for a file that is not UTF-8: the likely encodings, best first, each with one of its
/// words in that encoding; or the lines to repair when only some lines are not UTF-8.
std::string offer_encodings(std::string_view bytes);

/// Returns "utf-16le" or "utf-16be" by the positions of the zero bytes; empty when they do not decide.
std::string_view likely_utf16(std::string_view bytes) noexcept;

}  // namespace feedline

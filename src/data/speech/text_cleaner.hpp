#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace feedline {

/// Returns the text as models see it: in Unicode's composed form (NFC), with one space for any white space
/// and none at the ends, without control characters and marks that only control the display. Case, accents
/// and the zero-width non-joiner and joiner stay. For language "fa", Arabic yeh and kaf become Persian ones.
/// `text` is UTF-8; bytes that are not become U+FFFD. A cleaned text is not changed by cleaning it again.
///
/// Thread rule: any thread.
std::string clean_text(std::string_view text, std::string_view language = {});

/// Returns the first character, except white space, that cleaning removes; std::nullopt when there is none.
std::optional<char32_t> first_dropped(std::string_view text);

}  // namespace feedline

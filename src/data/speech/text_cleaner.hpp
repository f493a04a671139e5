#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace feedline {

/// The text as models see it: Unicode's composed form (NFC), any white space one space, none at the ends,
/// without control characters and marks that only steer how text is displayed. Case, accents and the
/// zero-width non-joiner and joiner stay. With language "fa" Arabic yeh and kaf become Persian ones. `text`
/// is UTF-8; what is not becomes U+FFFD. Cleaning twice is the same as once. Any thread.
std::string clean_text(std::string_view text, std::string_view language = {});

/// The first character but white space that cleaning takes out of the text; nothing when there is none.
std::optional<char32_t> first_dropped(std::string_view text);

}  // namespace feedline

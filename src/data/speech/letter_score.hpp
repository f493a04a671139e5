#pragma once

#include <string_view>

namespace feedline {

/// Returns the plausibility of a word, by which encodings are guessed: one point for each letter beyond
/// ASCII, minus points for several scripts, capitals after small letters, symbols and control characters.
double letter_score(std::string_view word);

}  // namespace feedline

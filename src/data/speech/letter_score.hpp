#pragma once

#include <string_view>

namespace feedline {

/// How much a word looks like one, for a guess at its encoding: a point for each letter beyond ASCII, less
/// for several scripts in it, capitals after small letters, symbols and control characters.
double letter_score(std::string_view word);

}  // namespace feedline

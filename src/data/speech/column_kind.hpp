#pragma once

#include <span>
#include <string_view>

namespace feedline {

/// What the values of a column seem to be.
enum class ColumnKind { kEmpty, kText, kSame, kNumbers, kNames, kFiles, kCodes };

/// Of the values, of which empty ones do not count. In doubt it is text.
ColumnKind kind_of_column(std::span<const std::string_view> values);

/// "holds the same value in every line", for a message.
std::string_view describe(ColumnKind kind) noexcept;

/// How much two texts have in common, 0 to 1: of the shorter one's groups of three characters, the part that
/// the other has too.
double likeness(std::string_view a, std::string_view b);

/// Words between white space.
std::size_t count_words(std::string_view text) noexcept;

}  // namespace feedline

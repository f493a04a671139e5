#pragma once

#include <span>
#include <string_view>

namespace feedline {

/// The apparent meaning of the values of a column.
enum class ColumnKind { kEmpty, kText, kSame, kNumbers, kNames, kFiles, kCodes };

/// Returns the kind of a column with these values. Empty values do not count. In doubt the column is text.
ColumnKind kind_of_column(std::span<const std::string_view> values);

/// Returns a description for messages, such as "holds the same value in every line".
std::string_view describe(ColumnKind kind) noexcept;

/// Returns the likeness of two texts, 0 to 1: the part of the shorter text's groups of three characters that
/// the other text has too.
double likeness(std::string_view a, std::string_view b);

/// Returns the number of words between white space.
std::size_t count_words(std::string_view text) noexcept;

}  // namespace feedline

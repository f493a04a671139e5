#pragma once

#include "metadata.hpp"
#include "metadata_lines.hpp"

#include <string_view>

namespace feedline {

/// Adds a warning for each kind of line that is left out, with the first of them. `name` is the file.
void warn_of_left_out(Metadata& metadata, std::string_view name);

/// Adds a warning of byte order marks inside the file.
void warn_of_marks(Metadata& metadata, const MetadataLines& lines, std::string_view name);

/// Adds a warning of lines with more columns than --columns named.
void warn_of_more_columns(Metadata& metadata, std::size_t named, std::string_view name);

/// Throws DataError when there is no row, or when most lines have no separator.
void refuse_empty(const Metadata& metadata, const MetadataLines& lines, std::string_view name);

/// Throws DataError when too many lines have more columns than `expected` to be accidents.
void refuse_many_wide(const Metadata& metadata, const MetadataLines& lines, std::size_t expected,
                      std::string_view name);

}  // namespace feedline

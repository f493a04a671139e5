#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

/// The fields of one line, or of one CSV record, which may go over lines.
struct MetadataRecord {
  std::vector<std::string_view> fields;  ///< without spaces round them
  std::uint32_t line = 0;                ///< of the file, from 1
  std::size_t width = 0;                 ///< columns, with empty ones at the end, which are not in `fields`
};

/// Without spaces, tabs and carriage returns round it.
std::string_view stripped(std::string_view text) noexcept;

/// The fields between separators; quotes are text.
std::vector<std::string_view> split_fields(std::string_view line, char separator);

/// Records of comma-separated values as RFC 4180 has them: fields in quotes may hold separators, line ends
/// and, doubled, quotes. What is not as it stands in `text` is put into `storage`. Throws DataError, with the
/// line, for quotes that do not close or close too early; `name` is the file in the messages.
std::vector<MetadataRecord> csv_records(std::string_view text, char separator, std::string_view name,
                                        std::deque<std::string>& storage);

}  // namespace feedline

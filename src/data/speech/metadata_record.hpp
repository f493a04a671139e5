#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

/// The fields of one line, or of one CSV record, which may span several lines.
struct MetadataRecord {
  std::vector<std::string_view> fields;  ///< Fields without spaces around them
  std::uint32_t line = 0;                ///< Line of the file, from 1
  std::size_t width = 0;  ///< Number of columns, including empty ones at the end, which `fields` lacks
};

/// Returns `text` without spaces, tabs and carriage returns at its ends.
std::string_view stripped(std::string_view text) noexcept;

/// Returns the fields between separators. Quotes count as text.
std::vector<std::string_view> split_fields(std::string_view line, char separator);

/// Returns the records of comma-separated values by RFC 4180: quoted fields may hold separators, line ends
/// and doubled quotes. Fields that differ from their bytes in `text` are kept in `storage`. Throws DataError,
/// with the line, for quotes that do not close or close too early. `name` is the file in messages.
std::vector<MetadataRecord> csv_records(std::string_view text, char separator, std::string_view name,
                                        std::deque<std::string>& storage);

}  // namespace feedline

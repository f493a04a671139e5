#pragma once

#include "metadata_record.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

/// The lines of a metadata file. The views refer to the storage of the same object.
struct MetadataLines {
  static constexpr std::size_t kLongest = 64 * 1024;  ///< Bytes; longer lines are not sentences

  char separator = '|';
  std::vector<MetadataRecord> records;  ///< Records, without blank lines and without empty fields at the ends
  std::vector<std::uint32_t> too_long;  ///< Lines longer than kLongest, which are not among the records
  std::vector<std::uint32_t> marks;     ///< Lines with byte order marks inside, which are removed
  std::uint32_t count = 0;              ///< Number of lines

  std::deque<std::string> storage;  ///< A deque, because its strings keep their addresses when it is moved
};

/// Splits a file into lines and columns. Lines end in LF or CR LF, or in a CR alone where the file has no LF
/// or where the parts on both sides are lines like the others. Columns are separated as in a first line that
/// names columns; else by "|", or by tabs where most lines have tabs and few have "|", or, if
/// `columns_given`, by "," or ";" in the same way. With "," and ";" quotes are those of CSV, otherwise they
/// are text. `name` is the file in messages.
///
/// Throws DataError for an ambiguous CR, and as csv_records does.
MetadataLines take_apart(std::string text, bool columns_given, std::string_view name);

/// Returns whether a field holds no visible character.
bool is_blank(std::string_view field);

/// Returns the start of a text for a message, cut between characters, as `printable` writes it.
std::string shortened(std::string_view text);

}  // namespace feedline

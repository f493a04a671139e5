#pragma once

#include "metadata_record.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

/// A metadata file taken apart. The views are of its own storage.
struct MetadataLines {
  static constexpr std::size_t kLongest = 64 * 1024;  ///< longer lines are no sentence

  char separator = '|';
  std::vector<MetadataRecord> records;  ///< without blank lines, and empty fields at their ends
  std::vector<std::uint32_t> too_long;  ///< lines that are longer than kLongest, and no records
  std::vector<std::uint32_t> marks;     ///< lines with byte order marks in them, which are taken out
  std::uint32_t count = 0;              ///< of lines

  std::deque<std::string> storage;  ///< its strings stay where they are when this is moved
};

/// Lines end in LF, CR LF, or a CR alone where the file has no LF or where what stands between is a line like
/// the others. Columns are separated by what a first line that names columns is separated by; else by "|",
/// or by tabs where most lines have these and few a "|", or, where `columns_given`, by "," or ";" in the same
/// way. With "," and ";" quotes are those of CSV, else they are text. `name` is the file in the messages.
///
/// Throws DataError for a CR that may be either, and see csv_records.
MetadataLines take_apart(std::string text, bool columns_given, std::string_view name);

/// Whether a field has nothing to be read or seen in it.
bool is_blank(std::string_view field);

/// The start of a text for a message, cut between characters, as `printable` writes it.
std::string shortened(std::string_view text);

}  // namespace feedline

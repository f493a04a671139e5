#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace feedline {

/// The meaning of the columns of metadata.csv.
struct MetadataColumns {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::size_t id = 0;
  std::size_t text = 1;
  std::size_t normalised = kNone;
  std::size_t speaker = kNone;
  std::size_t expected = 2;  ///< Columns per line; more cause a warning
  bool by_content = true;    ///< The columns are not named: see choose_columns
  std::string doubt;         ///< Reason why a header does not determine the column of the text
};

/// Parses a value of --columns, such as "id,text,norm,speaker"; "-" is a column that is not read. Throws
/// UsageError.
MetadataColumns parse_columns(std::string_view names);

/// Returns the columns that the fields of a file's first line name, in any order and spelling ("file_name",
/// "Audio Path", "normalizedText"); std::nullopt when the fields are not names of columns.
std::optional<MetadataColumns> columns_of_header(std::span<const std::string_view> fields);

}  // namespace feedline

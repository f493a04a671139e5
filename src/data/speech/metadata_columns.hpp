#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace feedline {

/// Which column of metadata.csv holds what.
struct MetadataColumns {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::size_t id = 0;
  std::size_t text = 1;
  std::size_t normalised = kNone;
  std::size_t speaker = kNone;
  std::size_t expected = 2;  ///< more are worth a warning
  bool by_content = true;    ///< nobody says which is which: see choose_columns
  std::string doubt;         ///< of a header: why it does not say which column is the text
};

/// Of --columns, such as "id,text,norm,speaker"; "-" is a column that is not read. Throws UsageError.
MetadataColumns parse_columns(std::string_view names);

/// Of the fields of a file's first line, whatever their order and spelling ("file_name", "Audio Path",
/// "normalizedText"); nothing when they are not names of columns.
std::optional<MetadataColumns> columns_of_header(std::span<const std::string_view> fields);

}  // namespace feedline

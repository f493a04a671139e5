#pragma once

#include "metadata_columns.hpp"
#include "metadata_record.hpp"

#include <span>
#include <string>
#include <string_view>

namespace feedline {

struct ChosenColumns {
  MetadataColumns columns;
  std::string reason;  ///< why these, as the end of a sentence
};

/// Which columns are what in a file that does not say it, by their values: the first is the id, and of the
/// others a column that is constant, numbers, codes, or names that recur is no text. One text is the text; of
/// two alike the second is the normalised one. `name` is the file in the messages.
///
/// Throws DataError, with the --columns that would say it, when that does not leave one text.
ChosenColumns choose_columns(std::span<const MetadataRecord> records, std::string_view name);

/// How many columns most of these records have, of those with more than one.
std::size_t usual_width(std::span<const MetadataRecord> records);

/// Whether `normalised` reads like another spelling of `text`.
bool is_version_of(std::string_view text, std::string_view normalised);

}  // namespace feedline

#pragma once

#include "metadata_columns.hpp"
#include "metadata_record.hpp"

#include <span>
#include <string>
#include <string_view>

namespace feedline {

struct ChosenColumns {
  MetadataColumns columns;
  std::string reason;  ///< Reason for the choice, as the end of a sentence
};

/// Returns the meaning of the columns of a file that does not name them, by their values. The first is the
/// id. A column that is constant, or holds numbers, codes or recurring names, is not a text. Of two similar
/// texts the second is the normalised one. `name` is the file in messages.
///
/// Throws DataError, which suggests a value for --columns, when this does not leave exactly one text.
ChosenColumns choose_columns(std::span<const MetadataRecord> records, std::string_view name);

/// Returns the number of columns that most of the records with more than one column have.
std::size_t usual_width(std::span<const MetadataRecord> records);

/// Returns whether `normalised` looks like another spelling of `text`.
bool is_version_of(std::string_view text, std::string_view normalised);

}  // namespace feedline

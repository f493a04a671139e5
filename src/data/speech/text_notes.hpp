#pragma once

#include "metadata.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace feedline {

/// What is odd about texts that are read all the same.
class TextNotes {
 public:
  /// `separator` of the columns: with "," and ";" quotes are no text.
  explicit TextNotes(char separator) noexcept : separator_(separator) {}

  /// `text` as it is read, `raw` as it stands in the file.
  void take(std::uint32_t line, std::string_view text, std::string_view raw);

  /// A line that is left out for the id of an `earlier` one.
  void take_double(std::uint32_t line, std::string_view text, const MetadataRow& earlier);

  /// Throws DataError when nearly every text is in quotes, or many are in those of CSV: these are not the
  /// texts' own.
  void refuse_quotes(const Metadata& metadata, std::string_view name) const;

  /// Adds a warning for each kind.
  void warn(Metadata& metadata, std::string_view name) const;

 private:
  void take_quotes(std::uint32_t line, std::string_view text);

  char separator_;
  std::uint64_t in_quotes_ = 0;
  LineCount csv_quotes_;    ///< with doubled quotes inside
  LineCount lost_letters_;  ///< with U+FFFD
  LineCount dropped_;       ///< with characters that are taken out
  LineCount twice_;         ///< made UTF-8 twice
  std::uint64_t other_texts_ = 0;
  std::string other_text_;  ///< the first of them
};

}  // namespace feedline

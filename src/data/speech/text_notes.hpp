#pragma once

#include "metadata.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace feedline {

/// The oddities of texts that are used nevertheless.
class TextNotes {
 public:
  /// `separator` is that of the columns: with "," and ";" quotes are not text.
  explicit TextNotes(char separator) noexcept : separator_(separator) {}

  /// Examines a line: `text` in the form that is used, `raw` in the form of the file.
  void take(std::uint32_t line, std::string_view text, std::string_view raw);

  /// Notes a line that is left out because an `earlier` row has its id.
  void take_double(std::uint32_t line, std::string_view text, const MetadataRow& earlier);

  /// Throws DataError when nearly every text is in quotes, or when many are in those of CSV, because such
  /// quotes are not part of the texts.
  void refuse_quotes(const Metadata& metadata, std::string_view name) const;

  /// Adds a warning for each kind of oddity.
  void warn(Metadata& metadata, std::string_view name) const;

 private:
  void take_quotes(std::uint32_t line, std::string_view text);

  char separator_;
  std::uint64_t in_quotes_ = 0;
  LineCount csv_quotes_;    ///< Texts with doubled quotes inside
  LineCount lost_letters_;  ///< Texts with U+FFFD
  LineCount dropped_;       ///< Texts with characters that are removed
  LineCount twice_;         ///< Texts that were encoded in UTF-8 twice
  std::uint64_t other_texts_ = 0;
  std::string other_text_;  ///< First of these texts
};

}  // namespace feedline

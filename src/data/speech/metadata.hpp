#pragma once

#include <feedline/data/speech/text_encoding.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

struct MetadataOptions {
  TextEncoding encoding;
  std::string columns;   ///< Columns for `parse_columns`; empty: decided by the header or the content
  std::string language;  ///< Language for `clean_text`

  /// Returns whether an id names an existing recording; empty: recordings are not known.
  std::function<bool(const std::string& id)> is_recording;
};

struct MetadataRow {
  std::string id;    ///< Path, with or without ending, "." and ".." resolved: inside the folder, or absolute
  std::string text;  ///< Cleaned text, never empty
  std::uint32_t line;   ///< Line of the file, from 1
  std::string speaker;  ///< Empty when there is no such column
};

/// The lines of one kind: their number, and the first of them.
struct LineCount {
  static constexpr std::size_t kNamed = 3;

  std::uint64_t count = 0;
  std::array<std::uint32_t, kNamed> first{};
  std::array<std::string, kNamed> names;  ///< Ids of the first lines

  void add(std::uint32_t line, std::string_view name = {}) {
    if (count < kNamed) {
      first[count] = line;
      names[count] = name;
    }
    ++count;
  }

  /// Returns a text such as "line 3: a, line 7: b, ...".
  std::string text() const;
};

/// The contents of metadata.csv in a folder like LJSpeech, and the lines that were left out.
struct Metadata {
  std::vector<MetadataRow> rows;

  LineCount empty_texts;  ///< Lines without a text, or without a column for it
  LineCount empty_ids;
  LineCount duplicate_ids;  ///< Lines after the first one with the same id
  LineCount long_lines;     ///< Lines beyond 64 KiB
  LineCount torn_lines;     ///< Lines whose quoted text continues in the next line
  LineCount wide_lines;     ///< Left out: lines with more columns than the others or the header
  LineCount more_columns;   ///< Used: lines with more columns than --columns names
  bool has_header = false;

  std::string reading;                ///< Column that was read as the text, and the reason: "column 2"
  std::vector<std::string> warnings;  ///< One sentence for each kind of line above, with the file's name

  /// Returns the number of lines that are not among the rows.
  std::uint64_t left_out() const noexcept;
};

/// Parses a file's `bytes`, with one line per recording (see take_apart). The columns are those of `options`,
/// or of a first line that names columns and no recording, or those that choose_columns finds by their
/// values. Spaces around values are removed. The text is the normalised one, unless that is missing or empty.
/// `name` is the file in messages.
///
/// Throws DataError for another encoding, for an id that leads out of the folder by "..", when the column of
/// the text cannot be determined, and when no row is left; UsageError for columns that do not exist.
Metadata parse_metadata(std::span<const std::byte> bytes, const MetadataOptions& options,
                        std::string_view name);

}  // namespace feedline

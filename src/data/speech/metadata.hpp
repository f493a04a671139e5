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
  std::string columns;   ///< as `parse_columns` takes them; empty: as the header or the content says
  std::string language;  ///< as `clean_text` takes it

  /// Whether an id names a recording that is there; empty: none is known of.
  std::function<bool(const std::string& id)> is_recording;
};

struct MetadataRow {
  std::string
      id;  ///< a path, with or without its ending, "." and ".." resolved: inside the folder, or absolute
  std::string text;     ///< cleaned, never empty
  std::uint32_t line;   ///< of the file, from 1
  std::string speaker;  ///< empty without such a column
};

/// Lines of one kind: how many, and the first of them.
struct LineCount {
  static constexpr std::size_t kNamed = 3;

  std::uint64_t count = 0;
  std::array<std::uint32_t, kNamed> first{};
  std::array<std::string, kNamed> names;  ///< their ids

  void add(std::uint32_t line, std::string_view name = {}) {
    if (count < kNamed) {
      first[count] = line;
      names[count] = name;
    }
    ++count;
  }

  /// "line 3: a, line 7: b, ...".
  std::string text() const;
};

/// What metadata.csv of an LJSpeech folder says, and what of it was left out.
struct Metadata {
  std::vector<MetadataRow> rows;

  LineCount empty_texts;  ///< no text, or no column for it
  LineCount empty_ids;
  LineCount duplicate_ids;  ///< of the lines after the first one with that id
  LineCount long_lines;     ///< beyond 64 KiB
  LineCount torn_lines;     ///< a text in quotes that goes on in the next line
  LineCount wide_lines;     ///< more columns than the others or the header have; left out
  LineCount more_columns;   ///< more columns than --columns names; these rows are there
  bool has_header = false;

  std::string reading;                ///< which column was read as the text, and why: "column 2"
  std::vector<std::string> warnings;  ///< a sentence for each of these that there is, with the file's name

  /// Lines that are no rows.
  std::uint64_t left_out() const noexcept;
};

/// Parses a file's `bytes`: a line a recording (see take_apart), columns as `options` say, or a first line
/// that names them and no recording, or else as choose_columns finds by what is in them. Spaces round columns
/// are not part of them. The text is the normalised one where there is one and it is not empty. `name` is the
/// file in the messages.
///
/// Throws DataError for another encoding, for an id that leads out of the folder by "..", when it cannot be
/// told which column is the text, and when no row is left; UsageError for columns that are none.
Metadata parse_metadata(std::span<const std::byte> bytes, const MetadataOptions& options,
                        std::string_view name);

}  // namespace feedline

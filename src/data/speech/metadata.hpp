#pragma once

#include "text_encoding.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

struct MetadataOptions {
  TextEncoding encoding = TextEncoding::kUtf8;
  std::string
      columns;  ///< as `parse_columns` takes them; empty: id, text, and the last is the normalised text
  std::string language;  ///< as `clean_text` takes it
};

struct MetadataRow {
  std::string id;       ///< a path inside the folder, with or without its ending
  std::string text;     ///< cleaned, never empty
  std::uint32_t line;   ///< of the file, from 1
  std::string speaker;  ///< empty without such a column
};

/// Lines of one kind: how many, and the first of them.
struct LineCount {
  static constexpr std::size_t kNamed = 3;

  std::uint64_t count = 0;
  std::array<std::uint32_t, kNamed> first{};

  void add(std::uint32_t line) noexcept {
    if (count < kNamed) first[count] = line;
    ++count;
  }
};

/// What metadata.csv of an LJSpeech folder says, and what of it was left out.
struct Metadata {
  std::vector<MetadataRow> rows;

  LineCount empty_texts;  ///< no text, or no column for it
  LineCount empty_ids;
  LineCount duplicate_ids;  ///< of the lines after the first one with that id
  LineCount long_lines;     ///< beyond 64 KiB
  LineCount wide_lines;     ///< more columns than expected; these rows are there
  bool has_header = false;

  std::vector<std::string> warnings;  ///< a sentence for each of these that there is, with the file's name

  std::uint64_t left_out() const noexcept {
    return empty_texts.count + empty_ids.count + duplicate_ids.count + long_lines.count;
  }
};

/// Parses a file's `bytes`: a line a recording, columns separated by "|". Spaces round "|", carriage returns
/// and a byte order mark are not part of it; quotes are text; a first line that names the columns is their
/// order (unless `options` says it) and no recording. The text is the normalised one, or the other where that
/// is empty. `name` is the file in the messages.
///
/// Throws DataError for another encoding, for an id that leads out of the folder, and when no row is left;
/// UsageError for columns that are none.
Metadata parse_metadata(std::span<const std::byte> bytes, const MetadataOptions& options,
                        std::string_view name);

}  // namespace feedline

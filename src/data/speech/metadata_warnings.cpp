#include "metadata_warnings.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace feedline {
namespace {

void warn_left_out(Metadata& metadata, const LineCount& lines, std::string_view what, std::string_view name) {
  if (lines.count == 0) return;
  metadata.warnings.push_back(fmt::format("{}: left out {} {} {} ({}).", name, lines.count,
                                          lines.count == 1 ? "line" : "lines", what, lines.text()));
}

/// More lines than this with too many columns: it is not the lines that are wrong.
constexpr double kMostWide = 0.05;

bool most_are_unseparated(const MetadataLines& lines) {
  const auto one = std::count_if(lines.records.begin(), lines.records.end(),
                                 [](const MetadataRecord& record) { return record.width == 1; });
  return 2 * static_cast<std::size_t>(one) > lines.records.size();
}

/// What the first line has where a "|" should be; 0: nothing.
char other_separator(const MetadataLines& lines) noexcept {
  if (lines.records.empty() || lines.records.front().fields.size() > 1) return 0;
  const std::string_view first = lines.records.front().fields.front();
  if (first.starts_with('{')) return 0;
  for (const char separator : {',', ';'})
    if (first.find(separator) != std::string_view::npos) return separator;
  return 0;
}

}  // namespace

std::string LineCount::text() const {
  std::string text;
  for (std::size_t i = 0; i < kNamed && i < count; ++i) {
    text += fmt::format("{}line {}", i == 0 ? "" : ", ", first[i]);
    if (!names[i].empty()) text += ": " + names[i];
  }
  return count > kNamed ? text + ", ..." : text;
}

std::uint64_t Metadata::left_out() const noexcept {
  return empty_texts.count + empty_ids.count + duplicate_ids.count + long_lines.count + torn_lines.count +
         wide_lines.count;
}

void warn_of_left_out(Metadata& metadata, std::string_view name) {
  warn_left_out(metadata, metadata.empty_texts, "without a text", name);
  warn_left_out(metadata, metadata.empty_ids, "without an id", name);
  warn_left_out(metadata, metadata.duplicate_ids, "with the id of an earlier line", name);
  warn_left_out(metadata, metadata.long_lines, "longer than 64 KiB", name);
  warn_left_out(metadata, metadata.torn_lines, "with a text in quotes that goes on in the next line", name);
  warn_left_out(metadata, metadata.wide_lines,
                "with more columns than the others, so that it is not clear where the text ends", name);
}

void warn_of_marks(Metadata& metadata, const MetadataLines& lines, std::string_view name) {
  if (lines.marks.empty()) return;
  LineCount marks;
  for (const std::uint32_t line : lines.marks) marks.add(line);
  metadata.warnings.push_back(
      fmt::format("{}: byte order marks inside the file are taken out ({}): was it put together of several?",
                  name, marks.text()));
}

void warn_of_more_columns(Metadata& metadata, std::size_t named, std::string_view name) {
  const LineCount& more = metadata.more_columns;
  if (more.count == 0) return;
  metadata.warnings.push_back(fmt::format(
      "{}: {} {} more than {} columns, the first is line {}: \"{}\". Those beyond are not read. --columns "
      "id,text,norm,speaker says which is which.",
      name, more.count, more.count == 1 ? "line has" : "lines have", named, more.first[0], more.names[0]));
}

void refuse_empty(const Metadata& metadata, const MetadataLines& lines, std::string_view name) {
  if (!metadata.rows.empty() && !most_are_unseparated(lines)) return;
  std::string message = fmt::format(
      "{} has {} with a text: {} lines, of them {} without a text, {} without an id, {} too long. "
      "A line "
      "is id|text or id|text|normalised text.",
      name, metadata.rows.empty() ? "no recording" : "hardly a recording", lines.count,
      metadata.empty_texts.count, metadata.empty_ids.count, metadata.long_lines.count);
  if (metadata.empty_texts.count > 0)
    message += fmt::format(" Without a text: {}.", metadata.empty_texts.text());
  if (metadata.wide_lines.count > 0)
    message += fmt::format(" With more columns than the header: {}.", metadata.wide_lines.text());
  if (lines.records.empty() && metadata.has_header) message += " There is nothing below the first line.";
  if (const char other = other_separator(lines); other != 0)
    message += fmt::format(
        " Columns that are separated by \"{}\" are read when the first line names them, such as "
        "file_name{}transcription, or --columns id,text does.",
        other, other);
  throw DataError(message);
}

void refuse_many_wide(const Metadata& metadata, const MetadataLines& lines, std::size_t expected,
                      std::string_view name) {
  const LineCount& wide = metadata.wide_lines;
  if (static_cast<double>(wide.count) <= kMostWide * static_cast<double>(lines.records.size())) return;
  throw DataError(
      fmt::format("{}: {} of {} lines have more than {} columns, so that it is not clear where the text ends "
                  "({}). Say which "
                  "column is which, such as --columns id,text,norm, or take \"{}\" out of the texts.",
                  name, wide.count, lines.records.size(), expected, wide.text(), lines.separator));
}

}  // namespace feedline

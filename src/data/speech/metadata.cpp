#include "metadata.hpp"

#include "metadata_columns.hpp"
#include "recording_name.hpp"
#include "text_cleaner.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>

namespace feedline {
namespace {

/// Longer ones are no sentence: the file has no line ends, or is no metadata.
constexpr std::size_t kLongestLine = 64 * 1024;
constexpr std::size_t kShownBytes = 80;

std::string_view stripped(std::string_view text) noexcept {
  constexpr std::string_view kSpaces = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

/// Whether "/" or ".." leads out of the folder.
bool leaves_folder(std::string_view id) noexcept {
  if (id.starts_with('/')) return true;
  for (std::size_t start = 0; start <= id.size();) {
    const std::size_t end = std::min(id.find('/', start), id.size());
    if (id.substr(start, end - start) == "..") return true;
    start = end + 1;
  }
  return false;
}

/// The start of a line for a message, cut between characters.
std::string_view shown(std::string_view line) noexcept {
  if (line.size() <= kShownBytes) return line;
  std::size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80) --end;
  return line.substr(0, end);
}

class Parser {
 public:
  Parser(std::string text, const MetadataOptions& options, std::string_view name)
      : text_(std::move(text)), options_(options), name_(name), columns_given_(!options.columns.empty()) {
    if (columns_given_) columns_ = parse_columns(options.columns);
  }

  Metadata run() && {
    const std::string_view text = text_;
    std::uint32_t number = 0;
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      take_line(text.substr(start, end - start), ++number);
      start = end + 1;
    }
    if (metadata_.rows.empty()) refuse_empty(number);
    warn();
    return std::move(metadata_);
  }

 private:
  void take_line(std::string_view line, std::uint32_t number) {
    if (line.size() > kLongestLine) {
      metadata_.long_lines.add(number);
      return;
    }
    if (stripped(line).empty()) return;
    split(line);
    const bool first = first_;
    first_ = false;
    if (first && take_header()) return;
    if (fields_.size() > columns_.expected && metadata_.wide_lines.count == 0)
      wide_line_ = shown(stripped(line));
    if (fields_.size() > columns_.expected) metadata_.wide_lines.add(number);
    take_row(number);
  }

  void split(std::string_view line) {
    fields_.clear();
    for (std::size_t start = 0; start <= line.size();) {
      const std::size_t end = std::min(line.find('|', start), line.size());
      fields_.push_back(stripped(line.substr(start, end - start)));
      start = end + 1;
    }
  }

  bool take_header() {
    const auto columns = columns_of_header(fields_);
    if (columns && !columns_given_) columns_ = *columns;
    metadata_.has_header = columns.has_value();
    return metadata_.has_header;
  }

  std::string_view field(std::size_t column) const noexcept {
    return column < fields_.size() ? fields_[column] : std::string_view();
  }

  std::string text_of_row() const {
    const bool last = columns_.last_is_normalised && fields_.size() > 2;
    std::string text = clean_text(field(last ? fields_.size() - 1 : columns_.normalised), options_.language);
    return text.empty() ? clean_text(field(columns_.text), options_.language) : text;
  }

  void take_row(std::uint32_t number) {
    std::string id(field(columns_.id));
    std::replace(id.begin(), id.end(), '\\', '/');
    if (id.empty()) {
      metadata_.empty_ids.add(number);
      return;
    }
    if (leaves_folder(id))
      throw DataError(
          fmt::format("{}, line {}: the id \"{}\" leads out of the folder. Ids are paths inside it.", name_,
                      number, shown(id)));
    std::string text = text_of_row();
    if (text.empty()) {
      metadata_.empty_texts.add(number);
    } else if (!ids_.insert(std::string(without_recording_ending(id))).second) {
      metadata_.duplicate_ids.add(number);
    } else {
      metadata_.rows.push_back(
          {std::move(id), std::move(text), number, std::string(field(columns_.speaker))});
    }
  }

  [[noreturn]] void refuse_empty(std::uint32_t lines) const {
    throw DataError(fmt::format(
        "{} has no recording with a text: {} lines, of them {} without a text, {} without an "
        "id, {} too long. A line is id|text or id|text|normalised text.",
        name_, lines, metadata_.empty_texts.count, metadata_.empty_ids.count, metadata_.long_lines.count));
  }

  void warn() {
    warn_left_out(metadata_.empty_texts, "without a text");
    warn_left_out(metadata_.empty_ids, "without an id");
    warn_left_out(metadata_.duplicate_ids, "with the id of an earlier line");
    warn_left_out(metadata_.long_lines, "longer than 64 KiB");
    if (metadata_.wide_lines.count == 0) return;
    metadata_.warnings.push_back(fmt::format(
        "{}: {} {} more than {} columns, the first is line {}: \"{}\". {} --columns id,text,norm,speaker "
        "says which "
        "is which.",
        name_, metadata_.wide_lines.count, metadata_.wide_lines.count == 1 ? "line has" : "lines have",
        columns_.expected, metadata_.wide_lines.first[0], wide_line_,
        columns_.last_is_normalised ? "Read as the text: the last." : "Those beyond are not read."));
  }

  void warn_left_out(const LineCount& lines, std::string_view what) {
    if (lines.count == 0) return;
    const auto named = std::span(lines.first).first(std::min<std::uint64_t>(lines.count, LineCount::kNamed));
    metadata_.warnings.push_back(fmt::format(
        "{}: left out {} {} {} (line {}{}).", name_, lines.count, lines.count == 1 ? "line" : "lines", what,
        fmt::join(named, ", "), lines.count > named.size() ? ", ..." : ""));
  }

  std::string text_;
  const MetadataOptions& options_;
  std::string_view name_;
  bool columns_given_;
  MetadataColumns columns_;
  std::vector<std::string_view> fields_;
  std::unordered_set<std::string> ids_;
  std::string_view wide_line_;
  bool first_ = true;
  Metadata metadata_;
};

}  // namespace

Metadata parse_metadata(std::span<const std::byte> bytes, const MetadataOptions& options,
                        std::string_view name) {
  return Parser(to_utf8(bytes, options.encoding, name), options, name).run();
}

}  // namespace feedline

#include "metadata_lines.hpp"

#include "metadata_columns.hpp"
#include "text_cleaner.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace feedline {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::size_t kShownBytes = 80;

using Lines = std::vector<std::pair<std::uint32_t, std::string_view>>;

/// Takes byte order marks out, wherever they are; says in which lines they were.
std::vector<std::uint32_t> take_marks(std::string& text) {
  std::vector<std::uint32_t> lines;
  if (text.find(kMark) == std::string::npos) return lines;
  std::string kept;
  std::uint32_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    if (std::string_view(text).substr(at).starts_with(kMark)) {
      if (lines.empty() || lines.back() != line) lines.push_back(line);
      at += kMark.size();
      continue;
    }
    line += text[at] == '\n' ? 1 : 0;
    kept += text[at++];
  }
  text = std::move(kept);
  return lines;
}

template <typename Take>
void for_each_part(std::string_view text, char end_mark, Take take) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(end_mark, start), text.size());
    take(text.substr(start, end - start));
    start = end + 1;
  }
}

/// Without a carriage return at its end.
std::string_view without_return(std::string_view line) noexcept {
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t fields_in(std::string_view line, char separator) {
  return 1 + static_cast<std::size_t>(std::count(line.begin(), line.end(), separator));
}

/// Splits at LF, and decides about each CR inside of what that gives.
class LineSplitter {
 public:
  LineSplitter(std::string_view text, char separator, std::string_view name)
      : text_(text), separator_(separator), name_(name) {}

  Lines run() && {
    if (text_.find('\n') == std::string_view::npos) {
      for_each_part(text_, '\r', [&](std::string_view line) { add(line); });
      return std::move(lines_);
    }
    find_usual();
    for_each_part(text_, '\n', [&](std::string_view line) { take(without_return(line)); });
    return std::move(lines_);
  }

 private:
  void add(std::string_view line) { lines_.emplace_back(++number_, line); }

  /// Columns of the first line without a CR inside.
  void find_usual() {
    for_each_part(text_, '\n', [&](std::string_view line) {
      line = without_return(line);
      if (usual_ == 0 && !stripped(line).empty() && line.find('\r') == std::string_view::npos)
        usual_ = fields_in(line, separator_);
    });
  }

  /// Parts that are lines themselves are lines; parts of which only one has columns are one line.
  void take(std::string_view line) {
    if (line.find('\r') == std::string_view::npos) return add(line);
    std::size_t parts = 0, with_columns = 0, usual = 0;
    for_each_part(line, '\r', [&](std::string_view part) {
      if (stripped(part).empty()) return;
      const std::size_t fields = fields_in(part, separator_);
      ++parts;
      with_columns += fields > 1 ? 1 : 0;
      usual += fields == usual_ ? 1 : 0;
    });
    if (with_columns <= 1) return add(line);
    if (usual != parts) {
      throw DataError(fmt::format(
          "{}, line {}: a carriage return stands in \"{}\", and it cannot be told whether a line "
          "ends there. Mend the line, or write the file with one kind of line end: tr -s '\\r' '\\n'",
          name_, number_ + 1, shortened(line)));
    }
    for_each_part(line, '\r', [&](std::string_view part) { add(part); });
  }

  std::string_view text_;
  char separator_;
  std::string_view name_;
  std::size_t usual_ = 0;
  std::uint32_t number_ = 0;
  Lines lines_;
};

std::string_view first_line(std::string_view text) noexcept {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_first_of("\r\n", start) - start);
}

bool is_header(std::string_view line, char separator) {
  const auto columns = columns_of_header(split_fields(line, separator));
  return columns && !columns->by_content;
}

/// Whether most lines that are not blank have `separator` in them.
bool most_have(std::string_view text, char separator) {
  std::size_t lines = 0, with = 0;
  for_each_part(text, text.find('\n') == std::string_view::npos ? '\r' : '\n', [&](std::string_view line) {
    lines += stripped(line).empty() ? 0 : 1;
    with += line.find(separator) == std::string_view::npos ? 0 : 1;
  });
  return 2 * with > lines;
}

char find_separator(std::string_view text, bool columns_given) {
  const std::string_view first = first_line(text);
  for (const char separator : {'|', '\t', ',', ';'})
    if (is_header(first, separator)) return separator;
  for (const char separator : {'|', '\t'})
    if (most_have(text, separator)) return separator;
  for (const char separator : {',', ';'})
    if (columns_given && most_have(text, separator)) return separator;
  return '|';
}

/// Moves records with a longer field than a line may be to the lines that are too long.
void take_out_long(MetadataLines& lines) {
  std::erase_if(lines.records, [&](const MetadataRecord& record) {
    const bool is_long = std::any_of(record.fields.begin(), record.fields.end(), [](std::string_view field) {
      return field.size() > MetadataLines::kLongest;
    });
    if (is_long) lines.too_long.push_back(record.line);
    return is_long;
  });
}

void drop_blank_end(MetadataRecord& record) {
  record.width = record.fields.size();
  while (record.fields.size() > 1 && is_blank(record.fields.back())) record.fields.pop_back();
}

void take_lines(std::string_view text, MetadataLines& into, std::string_view name) {
  for (const auto& [number, line] : LineSplitter(text, into.separator, name).run()) {
    into.count = number;
    if (line.size() > MetadataLines::kLongest) {
      into.too_long.push_back(number);
    } else if (!stripped(line).empty()) {
      into.records.push_back({split_fields(line, into.separator), number, 0});
    }
  }
}

}  // namespace

MetadataLines take_apart(std::string text, bool columns_given, std::string_view name) {
  MetadataLines lines;
  lines.marks = take_marks(text);
  const std::string_view whole = lines.storage.emplace_back(std::move(text));
  lines.separator = find_separator(whole, columns_given);
  if (lines.separator == ',' || lines.separator == ';') {
    lines.records = csv_records(whole, lines.separator, name, lines.storage);
    lines.count = lines.records.empty() ? 0 : lines.records.back().line;
    take_out_long(lines);
  } else {
    take_lines(whole, lines, name);
  }
  for (MetadataRecord& record : lines.records) drop_blank_end(record);
  return lines;
}

bool is_blank(std::string_view field) {
  if (field.empty()) return true;
  const bool plain = field.front() > ' ' && field.front() < 0x7F;
  return !plain && clean_text(field).empty();
}

std::string shortened(std::string_view text) {
  std::size_t end = std::min(text.size(), kShownBytes);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return printable(text.substr(0, end)) + (end < text.size() ? "..." : "");
}

}  // namespace feedline

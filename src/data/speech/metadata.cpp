#include "metadata.hpp"

#include "choose_columns.hpp"
#include "metadata_columns.hpp"
#include "metadata_lines.hpp"
#include "metadata_warnings.hpp"
#include "recording_id.hpp"
#include "recording_name.hpp"
#include "text_cleaner.hpp"
#include "text_decoder.hpp"
#include "to_utf8.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

namespace feedline {
namespace {

/// More lines than this with too many columns: it is not the lines that are wrong.
constexpr double kMostWide = 0.05;

/// Fewer texts in quotes may be so by chance.
constexpr std::uint64_t kFewestQuoted = 4;

class Parser {
 public:
  Parser(MetadataLines lines, const MetadataOptions& options, std::string_view name)
      : lines_(std::move(lines)), options_(options), name_(name), columns_given_(!options.columns.empty()) {}

  Metadata run() && {
    find_columns();
    for (const std::uint32_t line : lines_.too_long) metadata_.long_lines.add(line);
    for (std::size_t i = 0; i < records().size(); ++i) take(i);
    if (metadata_.rows.empty() || most_are_unseparated()) refuse_empty();
    refuse_many_wide();
    refuse_csv_quotes();
    warn();
    return std::move(metadata_);
  }

 private:
  const std::vector<MetadataRecord>& records() const noexcept { return lines_.records; }

  /// Whether quotes are those of CSV.
  bool is_csv() const noexcept { return lines_.separator == ',' || lines_.separator == ';'; }

  bool most_are_unseparated() const {
    const auto one = std::count_if(records().begin(), records().end(),
                                   [](const MetadataRecord& record) { return record.width == 1; });
    return 2 * static_cast<std::size_t>(one) > records().size();
  }

  /// Quotes round nearly every text, or doubled ones in many, are not the texts' own.
  void refuse_csv_quotes() const {
    const auto rows = static_cast<double>(metadata_.rows.size());
    const bool all = in_quotes_ >= kFewestQuoted && static_cast<double>(in_quotes_) >= (1 - kMostWide) * rows;
    if (!all && static_cast<double>(csv_quotes_.count) <= kMostWide * rows) return;
    const std::string& first = metadata_.rows.front().text;
    throw DataError(
        fmt::format("{}: its texts are in the quotes of CSV, such as {}, which are text in a file with "
                    "\"{}\" between the "
                    "columns. Write it without quotes (Python: quoting=csv.QUOTE_NONE), or with commas and a "
                    "first line that "
                    "names the columns, such as file_name,transcription.",
                    name_, csv_quotes_.count > 0 ? csv_quotes_.names[0] : shortened(first),
                    lines_.separator == '\t' ? "\\t" : std::string(1, lines_.separator)));
  }

  /// So many texts that may be cut are no slips.
  void refuse_many_wide() const {
    const LineCount& wide = metadata_.wide_lines;
    if (static_cast<double>(wide.count) <= kMostWide * static_cast<double>(records().size())) return;
    throw DataError(
        fmt::format("{}: {} of {} lines have more than {} columns, so that it is not clear where the text "
                    "ends ({}). Say which "
                    "column is which, such as --columns id,text,norm, or take \"{}\" out of the texts.",
                    name_, wide.count, records().size(), columns_.expected, wide.text(), lines_.separator));
  }

  void find_columns() {
    if (columns_given_) columns_ = parse_columns(options_.columns);
    if (!records().empty()) take_header();
    if (columns_given_) {
      metadata_.reading = "as --columns says";
      if (is_csv()) columns_.expected = std::max(columns_.expected, usual_width(records()));
    } else if (columns_.by_content) {
      ChosenColumns chosen = choose_columns(records(), name_);
      columns_ = std::move(chosen.columns);
      metadata_.reading = std::move(chosen.reason);
    } else {
      metadata_.reading = fmt::format("column \"{}\" of its first line", header_[text_column()]);
    }
  }

  std::size_t text_column() const noexcept {
    return columns_.normalised == MetadataColumns::kNone ? columns_.text : columns_.normalised;
  }

  /// Takes the first line off the records, and any other that is the same, when it names the columns.
  void take_header() {
    const auto columns = columns_of_header(records().front().fields);
    if (!columns) return;
    metadata_.has_header = true;
    header_ = records().front().fields;
    if (!columns_given_) columns_ = *columns;
    if (!columns_given_ && !columns_.doubt.empty()) {
      throw DataError(
          fmt::format("{} does not say which column is the text: {}. Say it, such as --columns {}.", name_,
                      columns_.doubt, fmt::join(names_of(columns_), ",")));
    }
    for (const MetadataRecord& record : records())
      if (record.fields == header_ && record.line != records().front().line) headers_again_.add(record.line);
    std::erase_if(lines_.records, [&](const MetadataRecord& record) { return record.fields == header_; });
  }

  static std::vector<std::string_view> names_of(const MetadataColumns& columns) {
    std::vector<std::string_view> names(std::max(columns.id, columns.text) + 1, "-");
    names[columns.id] = "id";
    names[columns.text] = "text";
    return names;
  }

  std::string_view field(const MetadataRecord& record, std::size_t column) const noexcept {
    return column < record.fields.size() ? record.fields[column] : std::string_view();
  }

  /// The text, the line's columns being what they are expected to be.
  std::string text_of(const MetadataRecord& record) const {
    std::string text = clean_text(field(record, columns_.normalised), options_.language);
    return text.empty() ? clean_text(field(record, columns_.text), options_.language) : text;
  }

  /// A third column behind those of a file that mostly has two is the text's other spelling, or a part of it.
  std::optional<std::string> third_as_text(const MetadataRecord& record) const {
    const bool plain = !columns_given_ && !metadata_.has_header && columns_.expected == 2;
    if (!plain || record.fields.size() != 3) return std::nullopt;
    const std::string_view text = record.fields[1], third = record.fields[2];
    if (!is_blank(text) && !is_version_of(text, third)) return std::nullopt;
    return clean_text(third, options_.language);
  }

  /// Whether the text opens a quote that the next line closes: what exports with CSV quotes make of line
  /// ends.
  bool is_torn(std::size_t i) const {
    if (is_csv() || i + 1 >= records().size()) return false;
    const std::string_view last = records()[i].fields.back();
    const std::vector<std::string_view>& next = records()[i + 1].fields;
    const bool open = last.starts_with('"') && std::count(last.begin(), last.end(), '"') % 2 == 1;
    return open && next.size() == 1 && records()[i].fields.size() > 1 &&
           next.front().find('"') != std::string_view::npos;
  }

  void take(std::size_t i) {
    const MetadataRecord& record = records()[i];
    const std::string_view given = field(record, columns_.id);
    if (is_torn(i)) return metadata_.torn_lines.add(record.line, shortened(given));
    if (is_blank(given)) return metadata_.empty_ids.add(record.line);
    std::string text;
    if (record.fields.size() > columns_.expected && (!columns_given_ || is_csv())) {
      auto third = third_as_text(record);
      if (!third) return metadata_.wide_lines.add(record.line, shortened(given));
      text = std::move(*third);
    } else {
      text = text_of(record);
    }
    note_more_columns(record);
    add_row(record, given, std::move(text));
  }

  void note_more_columns(const MetadataRecord& record) {
    if (columns_given_ && record.fields.size() > columns_.expected)
      metadata_.more_columns.add(record.line, shortened(fmt::format("{}", fmt::join(record.fields, "|"))));
  }

  void add_row(const MetadataRecord& record, std::string_view given, std::string text) {
    auto id = recording_id(given);
    if (!id) {
      throw DataError(
          fmt::format("{}, line {}: the id \"{}\" leads out of the folder. Ids are paths inside it.", name_,
                      record.line, shortened(given)));
    }
    if (text.empty()) return metadata_.empty_texts.add(record.line, shortened(given));
    note_quotes(record.line, text);
    if (const auto once_more = decoded_once_more(text); once_more)
      twice_.add(record.line, fmt::format("\"{}\" would be \"{}\"", shortened(text), shortened(*once_more)));
    if (text.find("\uFFFD") != std::string::npos) lost_letters_.add(record.line, shortened(text));
    const auto [earlier, is_new] =
        ids_.emplace(std::string(without_recording_ending(*id)), metadata_.rows.size());
    if (!is_new) return add_duplicate(record.line, given, text, metadata_.rows[earlier->second]);
    metadata_.rows.push_back(
        {std::move(*id), std::move(text), record.line, std::string(field(record, columns_.speaker))});
  }

  void add_duplicate(std::uint32_t line, std::string_view id, std::string_view text,
                     const MetadataRow& earlier) {
    metadata_.duplicate_ids.add(line, shortened(id));
    if (text == earlier.text) return;
    if (other_texts_++ == 0)
      other_text_ = fmt::format("line {} has \"{}\", line {} \"{}\"", line, shortened(text), earlier.line,
                                shortened(earlier.text));
  }

  /// `"He said ""no"""`: CSV's quotes, which are text here.
  void note_quotes(std::uint32_t line, std::string_view text) {
    if (is_csv() || text.size() < 4 || text.front() != '"' || text.back() != '"') return;
    ++in_quotes_;
    std::string_view inner = text.substr(1, text.size() - 2);
    bool doubled = false;
    for (std::size_t at = inner.find('"'); at != std::string_view::npos; at = inner.find('"', at + 2)) {
      if (!inner.substr(at).starts_with("\"\"")) return;
      doubled = true;
    }
    if (doubled) csv_quotes_.add(line, shortened(text));
  }

  [[noreturn]] void refuse_empty() const {
    std::string message = fmt::format(
        "{} has no recording with a text: {} lines, of them {} without a text, {} without an "
        "id, {} too long. A line is id|text or id|text|normalised text.",
        name_, lines_.count, metadata_.empty_texts.count, metadata_.empty_ids.count,
        metadata_.long_lines.count);
    if (metadata_.empty_texts.count > 0)
      message += fmt::format(" Without a text: {}.", metadata_.empty_texts.text());
    if (metadata_.wide_lines.count > 0)
      message += fmt::format(" With more columns than the header: {}.", metadata_.wide_lines.text());
    if (records().empty() && metadata_.has_header) message += " There is nothing below the first line.";
    if (other_separator())
      message += fmt::format(
          " Columns that are separated by \"{}\" are read when the first line names them, "
          "such as file_name{}transcription, or --columns id,text does.",
          other_separator(), other_separator());
    throw DataError(message);
  }

  /// What the lines have where a "|" should be; 0: nothing.
  char other_separator() const noexcept {
    const bool json = !records().empty() && records().front().fields.front().starts_with('{');
    if (json) return 0;
    for (const char separator : {',', ';'})
      if (!records().empty() && records().front().fields.size() == 1 &&
          records().front().fields.front().find(separator) != std::string_view::npos)
        return separator;
    return 0;
  }

  void warn() {
    warn_of_left_out(metadata_, name_);
    auto& warnings = metadata_.warnings;
    if (other_texts_ > 0)
      warnings.push_back(
          fmt::format("{}: {} of the lines with the id of an earlier line have another text than "
                      "it; the earlier one is used. The first: {}.",
                      name_, other_texts_, other_text_));
    if (headers_again_.count > 0)
      warnings.push_back(fmt::format("{}: the line with the columns' names is there again ({}): left out.",
                                     name_, headers_again_.text()));
    if (lines_.marks.size() > 0) warn_of_marks();
    if (twice_.count > 0)
      warnings.push_back(
          fmt::format("{}: {} texts look as if they had been made UTF-8 twice ({}). They are read as "
                      "they stand: mend the file if that is so.",
                      name_, twice_.count, twice_.text()));
    if (lost_letters_.count > 0)
      warnings.push_back(
          fmt::format("{}: {} texts hold U+FFFD, which stands for letters that an earlier conversion "
                      "lost ({}).",
                      name_, lost_letters_.count, lost_letters_.text()));
    if (csv_quotes_.count > 0)
      warnings.push_back(
          fmt::format("{}: {} texts are in CSV quotes, which are read as text here ({}). Write the "
                      "file without quoting, or with commas and a first line that names the columns.",
                      name_, csv_quotes_.count, csv_quotes_.text()));
    if (metadata_.more_columns.count > 0) warn_of_more_columns();
  }

  void warn_of_marks() {
    LineCount marks;
    for (const std::uint32_t line : lines_.marks) marks.add(line);
    metadata_.warnings.push_back(fmt::format(
        "{}: byte order marks inside the file are taken out ({}): was it put together of several?", name_,
        marks.text()));
  }

  void warn_of_more_columns() {
    const LineCount& more = metadata_.more_columns;
    metadata_.warnings.push_back(fmt::format(
        "{}: {} {} more than {} columns, the first is line {}: \"{}\". Those beyond are not read. --columns "
        "id,text,norm,speaker says which is which.",
        name_, more.count, more.count == 1 ? "line has" : "lines have", columns_.expected, more.first[0],
        more.names[0]));
  }

  MetadataLines lines_;
  const MetadataOptions& options_;
  std::string_view name_;
  bool columns_given_;
  MetadataColumns columns_;
  std::vector<std::string_view> header_;
  std::unordered_map<std::string, std::size_t> ids_;  ///< without endings, and their rows
  LineCount headers_again_, csv_quotes_, lost_letters_, twice_;
  std::uint64_t in_quotes_ = 0;  ///< texts
  std::uint64_t other_texts_ = 0;
  std::string other_text_;
  Metadata metadata_;
};

/// Bytes that are UTF-8 beyond ASCII are hardly ever anything else.
bool seems_utf8(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
  return !plain && valid_utf8(text) == text.size();
}

}  // namespace

Metadata parse_metadata(std::span<const std::byte> bytes, const MetadataOptions& options,
                        std::string_view name) {
  std::string text = to_utf8(bytes, options.encoding, name);
  Metadata metadata =
      Parser(take_apart(std::move(text), !options.columns.empty(), name), options, name).run();
  if (options.encoding != TextEncoding::kUtf8 && seems_utf8(bytes))
    metadata.warnings.push_back(
        fmt::format("{} is valid UTF-8, but is read as {} because --text-encoding says "
                    "so. If the texts look wrong, drop the flag.",
                    name, options.encoding.name));
  return metadata;
}

}  // namespace feedline

#include "metadata.hpp"

#include "choose_columns.hpp"
#include "metadata_columns.hpp"
#include "metadata_lines.hpp"
#include "metadata_warnings.hpp"
#include "recording_id.hpp"
#include "recording_name.hpp"
#include "text_cleaner.hpp"
#include "text_notes.hpp"
#include "to_utf8.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

namespace feedline {
namespace {

class Parser {
 public:
  Parser(MetadataLines lines, const MetadataOptions& options, std::string_view name)
      : lines_(std::move(lines)),
        options_(options),
        name_(name),
        columns_given_(!options.columns.empty()),
        notes_(lines_.separator) {}

  Metadata run() && {
    find_columns();
    for (const std::uint32_t line : lines_.too_long) metadata_.long_lines.add(line);
    for (std::size_t i = 0; i < records().size(); ++i) take(i);
    refuse_empty(metadata_, lines_, name_);
    refuse_many_wide(metadata_, lines_, columns_.expected, name_);
    notes_.refuse_quotes(metadata_, name_);
    warn();
    return std::move(metadata_);
  }

 private:
  const std::vector<MetadataRecord>& records() const noexcept { return lines_.records; }

  /// Whether quotes are those of CSV.
  bool is_csv() const noexcept { return lines_.separator == ',' || lines_.separator == ';'; }

  void find_columns() {
    if (columns_given_) columns_ = parse_columns(options_.columns);
    if (!records().empty()) take_header();
    if (columns_given_) {
      metadata_.reading = "as --columns says";
      named_ = columns_.expected;
      columns_.expected = std::max(named_, usual_width(records()));
    } else if (columns_.by_content) {
      ChosenColumns chosen = choose_columns(records(), name_);
      columns_ = std::move(chosen.columns);
      metadata_.reading = std::move(chosen.reason);
    } else {
      metadata_.reading = fmt::format("column \"{}\" of its first line", header_[text_column()]);
      return;
    }
    if (metadata_.has_header)
      metadata_.reading +=
          fmt::format("; its first line, \"{}\", is taken for the columns' names", shown(header_));
  }

  std::string shown(const std::vector<std::string_view>& fields) const {
    return shortened(fmt::format("{}", fmt::join(fields, std::string_view(&lines_.separator, 1))));
  }

  std::size_t text_column() const noexcept {
    return columns_.normalised == MetadataColumns::kNone ? columns_.text : columns_.normalised;
  }

  /// Takes the first line off the records, and any other that is the same, when it names the columns.
  void take_header() {
    const auto columns = columns_of_header(records().front().fields);
    if (!columns || is_recording(columns_given_ ? columns_ : *columns)) return;
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

  /// Whether the first line, which could name the columns, names a recording. Comma-separated columns are
  /// only known by a line with their names.
  bool is_recording(const MetadataColumns& columns) {
    if (!options_.is_recording || (is_csv() && !columns_given_)) return false;
    const MetadataRecord& first = records().front();
    const auto id = recording_id(field(first, columns.id));
    if (!id || !options_.is_recording(*id)) return false;
    metadata_.warnings.push_back(fmt::format(
        "{}: its first line, \"{}\", is taken for a recording and its text, because the recording "
        "{} is there. If it names the columns, rename that recording.",
        name_, shown(first.fields), shortened(*id)));
    return true;
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

  /// The text as it stands there, the line's columns being what they are expected to be.
  std::string_view text_of(const MetadataRecord& record) const {
    const std::string_view normalised = field(record, columns_.normalised);
    return is_blank(normalised) ? field(record, columns_.text) : normalised;
  }

  /// A third column behind those of a file that mostly has two is the text's other spelling, or a part of it.
  std::optional<std::string_view> third_as_text(const MetadataRecord& record) const {
    const bool plain = !columns_given_ && !metadata_.has_header && columns_.expected == 2;
    if (!plain || record.fields.size() != 3) return std::nullopt;
    const std::string_view text = record.fields[1], third = record.fields[2];
    if (!is_blank(text) && !is_version_of(text, third)) return std::nullopt;
    return third;
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
    const bool is_wide = record.fields.size() > columns_.expected;
    const auto text = is_wide ? third_as_text(record) : text_of(record);
    if (!text) return metadata_.wide_lines.add(record.line, shortened(given));
    note_more_columns(record);
    add_row(record, given, *text);
  }

  void note_more_columns(const MetadataRecord& record) {
    if (columns_given_ && record.fields.size() > named_)
      metadata_.more_columns.add(record.line, shortened(fmt::format("{}", fmt::join(record.fields, "|"))));
  }

  void add_row(const MetadataRecord& record, std::string_view given, std::string_view raw) {
    auto id = recording_id(given);
    if (!id) {
      throw DataError(
          fmt::format("{}, line {}: the id \"{}\" leads out of the folder. Ids are paths inside it.", name_,
                      record.line, shortened(given)));
    }
    std::string text = clean_text(raw, options_.language);
    if (text.empty()) return metadata_.empty_texts.add(record.line, shortened(given));
    notes_.take(record.line, text, raw);
    const auto [earlier, is_new] = ids_.emplace(*id, metadata_.rows.size());
    if (!is_new) {
      metadata_.duplicate_ids.add(record.line, shortened(given));
      return notes_.take_double(record.line, text, metadata_.rows[earlier->second]);
    }
    metadata_.rows.push_back(
        {std::move(*id), std::move(text), record.line, std::string(field(record, columns_.speaker))});
  }

  void warn() {
    warn_of_left_out(metadata_, name_);
    if (headers_again_.count > 0)
      metadata_.warnings.push_back(
          fmt::format("{}: the line with the columns' names is there again ({}): left out.", name_,
                      headers_again_.text()));
    warn_of_marks(metadata_, lines_, name_);
    notes_.warn(metadata_, name_);
    warn_of_more_columns(metadata_, named_, name_);
  }

  MetadataLines lines_;
  const MetadataOptions& options_;
  std::string_view name_;
  bool columns_given_;
  MetadataColumns columns_;
  std::vector<std::string_view> header_;
  std::unordered_map<std::string, std::size_t> ids_;  ///< and their rows
  LineCount headers_again_;
  TextNotes notes_;
  std::size_t named_ = 0;  ///< columns of --columns
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

#include "metadata_record.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace feedline {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, char separator, std::string_view name, std::deque<std::string>& storage)
      : text_(text), separator_(separator), name_(name), storage_(storage) {}

  std::vector<MetadataRecord> run() && {
    std::vector<MetadataRecord> records;
    while (at_ < text_.size()) {
      MetadataRecord record = read_record();
      const bool blank = record.fields.size() == 1 && record.fields.front().empty();
      if (!blank) records.push_back(std::move(record));
    }
    return records;
  }

 private:
  MetadataRecord read_record() {
    MetadataRecord record{{}, line_, 0};
    for (;;) {
      const bool quoted = at_ < text_.size() && text_[at_] == '"';
      record.fields.push_back(quoted ? read_quoted() : read_plain());
      if (at_ < text_.size() && text_[at_] == separator_) {
        ++at_;
        continue;
      }
      skip_line_end();
      return record;
    }
  }

  bool ends_field(char c) const noexcept { return c == separator_ || c == '\n' || c == '\r'; }

  std::string_view read_plain() noexcept {
    const std::size_t start = at_;
    while (at_ < text_.size() && !ends_field(text_[at_])) ++at_;
    return stripped(text_.substr(start, at_ - start));
  }

  std::string_view read_quoted() {
    const std::uint32_t opened = line_;
    std::string& field = storage_.emplace_back();
    for (++at_;; ++at_) {
      if (at_ >= text_.size()) refuse(opened, "a quote opens and does not close");
      if (text_[at_] == '\n' || (text_[at_] == '\r' && !text_.substr(at_).starts_with("\r\n"))) ++line_;
      if (text_[at_] == '"') {
        ++at_;
        if (at_ >= text_.size() || text_[at_] != '"') break;
      }
      field += text_[at_];
    }
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ < text_.size() && !ends_field(text_[at_])) refuse(line_, "text stands behind a closing quote");
    return stripped(field);
  }

  void skip_line_end() noexcept {
    if (at_ >= text_.size()) return;
    at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
    ++line_;
  }

  [[noreturn]] void refuse(std::uint32_t line, std::string_view what) const {
    throw DataError(
        fmt::format("{}, line {}: {}. Columns are separated by \"{}\" here, so a text that holds "
                    "one stands in quotes, and quotes in it are doubled.",
                    name_, line, what, separator_ == '\t' ? "\\t" : std::string(1, separator_)));
  }

  std::string_view text_;
  char separator_;
  std::string_view name_;
  std::deque<std::string>& storage_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

std::string_view stripped(std::string_view text) noexcept {
  constexpr std::string_view kSpaces = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

std::vector<std::string_view> split_fields(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  for (std::size_t start = 0; start <= line.size();) {
    const std::size_t end = std::min(line.find(separator, start), line.size());
    fields.push_back(stripped(line.substr(start, end - start)));
    start = end + 1;
  }
  return fields;
}

std::vector<MetadataRecord> csv_records(std::string_view text, char separator, std::string_view name,
                                        std::deque<std::string>& storage) {
  return CsvReader(text, separator, name, storage).run();
}

}  // namespace feedline

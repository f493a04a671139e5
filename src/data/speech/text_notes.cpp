#include "text_notes.hpp"

#include "metadata_lines.hpp"
#include "text_cleaner.hpp"
#include "text_decoder.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

namespace feedline {
namespace {

/// Fewer texts in quotes may be so by chance.
constexpr std::uint64_t kFewestQuoted = 4;
constexpr double kNearlyAll = 0.95, kMany = 0.05;

/// Whether quotes stand inside, and each twice.
bool has_doubled_quotes(std::string_view inner) noexcept {
  bool doubled = false;
  for (std::size_t at = inner.find('"'); at != std::string_view::npos; at = inner.find('"', at + 2)) {
    if (!inner.substr(at).starts_with("\"\"")) return false;
    doubled = true;
  }
  return doubled;
}

}  // namespace

void TextNotes::take(std::uint32_t line, std::string_view text, std::string_view raw) {
  take_quotes(line, text);
  if (const auto dropped = first_dropped(raw))
    dropped_.add(line,
                 fmt::format("U+{:04X} in \"{}\"", static_cast<std::uint32_t>(*dropped), shortened(text)));
  if (const auto once_more = decoded_once_more(text); once_more)
    twice_.add(line, fmt::format("\"{}\" would be \"{}\"", shortened(text), shortened(*once_more)));
  if (text.find("\uFFFD") != std::string_view::npos) lost_letters_.add(line, shortened(text));
}

void TextNotes::take_quotes(std::uint32_t line, std::string_view text) {
  const bool csv = separator_ == ',' || separator_ == ';';
  if (csv || text.size() < 4 || text.front() != '"' || text.back() != '"') return;
  ++in_quotes_;
  if (has_doubled_quotes(text.substr(1, text.size() - 2))) csv_quotes_.add(line, shortened(text));
}

void TextNotes::take_double(std::uint32_t line, std::string_view text, const MetadataRow& earlier) {
  if (text == earlier.text || other_texts_++ > 0) return;
  other_text_ = fmt::format("line {} has \"{}\", line {} \"{}\"", line, shortened(text), earlier.line,
                            shortened(earlier.text));
}

void TextNotes::refuse_quotes(const Metadata& metadata, std::string_view name) const {
  const auto rows = static_cast<double>(metadata.rows.size());
  const bool all = in_quotes_ >= kFewestQuoted && static_cast<double>(in_quotes_) >= kNearlyAll * rows;
  if (!all && static_cast<double>(csv_quotes_.count) <= kMany * rows) return;
  const std::string example =
      csv_quotes_.count > 0 ? csv_quotes_.names[0] : shortened(metadata.rows.front().text);
  throw DataError(fmt::format(
      "{}: its texts are in the quotes of CSV, such as {}, which are text in a file with \"{}\" between the "
      "columns. Write it without quotes (Python: quoting=csv.QUOTE_NONE), or with commas and a first line "
      "that "
      "names the columns, such as file_name,transcription.",
      name, example, separator_ == '\t' ? "\\t" : std::string(1, separator_)));
}

void TextNotes::warn(Metadata& metadata, std::string_view name) const {
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) metadata.warnings.push_back(fmt::format("{}: {} {}", name, count, what));
  };
  add(other_texts_, fmt::format("of the lines with the id of an earlier line have another text than it; the "
                                "earlier one is used. The first: {}.",
                                other_text_));
  add(dropped_.count,
      fmt::format("texts hold characters that are neither seen nor heard, such as soft hyphens, zero-width "
                  "spaces, marks of direction or control characters, and are read without them ({}).",
                  dropped_.text()));
  add(twice_.count, fmt::format("texts look as if they had been made UTF-8 twice ({}). They are read as they "
                                "stand: mend the file if that is so.",
                                twice_.text()));
  add(lost_letters_.count,
      fmt::format("texts hold U+FFFD, which stands for letters that an earlier conversion lost ({}).",
                  lost_letters_.text()));
  add(csv_quotes_.count,
      fmt::format("texts are in CSV quotes, which are read as text here ({}). Write the file "
                  "without quoting, or with commas and a first line that names the columns.",
                  csv_quotes_.text()));
}

}  // namespace feedline

#include "choose_columns.hpp"

#include "column_kind.hpp"
#include "metadata_lines.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace feedline {
namespace {

/// What texts have in common that say the same, on average.
constexpr double kAlike = 0.25;
/// The same of one line, which can have something in common by chance.
constexpr double kSurelyAlike = 0.6;
/// Lines that are compared, at most.
constexpr std::size_t kCompared = 500;
/// From so many lines on, a third column that is unlike the second is not just another way to write it.
constexpr std::size_t kEnough = 8;

class Chooser {
 public:
  Chooser(std::span<const MetadataRecord> records, std::string_view name)
      : records_(records), name_(name), width_(usual_width(records)) {
    for (std::size_t i = 0; i < width_; ++i) kinds_.push_back(kind_of_column(values(i)));
    for (; width_ > 2 && kinds_.back() == ColumnKind::kEmpty; --width_) kinds_.pop_back();
    for (std::size_t i = 1; i < width_; ++i)
      if (kinds_[i] == ColumnKind::kText) texts_.push_back(i);
  }

  ChosenColumns run() const {
    if (width_ < 2) return {MetadataColumns{}, "column 2"};
    refuse_other_id();
    if (texts_.size() == 1) return with(texts_[0], MetadataColumns::kNone, reason());
    if (texts_.size() != 2)
      refuse(texts_.empty() ? "none of its columns looks like a text"
                            : "several of its columns look like the text");
    const std::size_t text = texts_[0], normalised = texts_[1];
    if (alike(text, normalised)) return with(text, normalised, reason());
    if (width_ != 3 || pairs(text, normalised) >= kEnough || much_shorter(text, normalised))
      refuse("two of its columns look like texts, but not like the same one");
    return with(text, normalised, reason());
  }

 private:
  /// Of the lines that have as many columns as most.
  std::vector<std::string_view> values(std::size_t column) const {
    std::vector<std::string_view> values;
    for (const MetadataRecord& record : records_)
      if (record.width >= width_)
        values.push_back(column < record.fields.size() ? record.fields[column] : std::string_view());
    return values;
  }

  std::size_t count() const { return values(0).size(); }

  /// Lines with something in both columns.
  std::size_t pairs(std::size_t text, std::size_t other) const {
    const auto ones = values(text), others = values(other);
    std::size_t count = 0;
    for (std::size_t i = 0; i < ones.size(); ++i) count += ones[i].empty() || others[i].empty() ? 0 : 1;
    return count;
  }

  bool alike(std::size_t text, std::size_t normalised) const {
    const auto ones = values(text), others = values(normalised);
    const std::size_t step = 1 + ones.size() / kCompared;
    double sum = 0;
    std::size_t compared = 0;
    for (std::size_t i = 0; i < ones.size(); i += step) {
      if (ones[i].empty() || others[i].empty()) continue;
      sum += likeness(ones[i], others[i]);
      ++compared;
    }
    return compared == 0 || sum >= kAlike * static_cast<double>(compared);
  }

  /// As a speaker's name is, beside what is said.
  bool much_shorter(std::size_t text, std::size_t other) const {
    std::size_t words = 0, others = 0;
    for (const std::string_view value : values(text)) words += count_words(value);
    for (const std::string_view value : values(other)) others += count_words(value);
    return words >= 2 * count() && 2 * others <= words;
  }

  ChosenColumns with(std::size_t text, std::size_t normalised, std::string reason) const {
    MetadataColumns columns;
    columns.text = text;
    columns.normalised = normalised;
    columns.expected = width_;
    columns.by_content = false;
    return {columns, std::move(reason)};
  }

  std::string reason() const {
    std::string chosen =
        texts_.size() == 2 ? fmt::format("column {}, or {} where that is empty", texts_[1] + 1, texts_[0] + 1)
                           : fmt::format("column {}", texts_[0] + 1);
    const std::string others = describe_others();
    return others.empty() ? chosen : chosen + ": " + others;
  }

  std::string describe_others() const {
    std::string text;
    for (std::size_t i = 1; i < width_; ++i) {
      if (kinds_[i] == ColumnKind::kText) continue;
      text += fmt::format("{}column {} {}", text.empty() ? "" : ", ", i + 1, describe(kinds_[i]));
    }
    return text;
  }

  void refuse_other_id() const {
    const bool first_is_file = kinds_[0] == ColumnKind::kFiles;
    if (!first_is_file && std::find(kinds_.begin() + 1, kinds_.end(), ColumnKind::kFiles) != kinds_.end())
      refuse("another column than the first names the recordings");
  }

  /// A --columns that says `text` is the text; of the others, files are the id.
  std::string line(std::size_t text, std::size_t normalised) const {
    const auto file = std::find(kinds_.begin(), kinds_.end(), ColumnKind::kFiles);
    const auto id = file == kinds_.end() ? 0 : static_cast<std::size_t>(file - kinds_.begin());
    std::string names;
    for (std::size_t i = 0; i < width_; ++i) {
      const char* name = i == id ? "id" : i == normalised ? "norm" : i == text ? "text" : "-";
      names += fmt::format("{}{}", i == 0 ? "" : ",", name);
    }
    while (names.ends_with(",-")) names.resize(names.size() - 2);
    return "--columns " + names;
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    const auto file = std::find(kinds_.begin(), kinds_.end(), ColumnKind::kFiles);
    const auto id = file == kinds_.end() ? 0 : file - kinds_.begin();
    for (std::size_t i = 0; i < width_; ++i) {
      const bool may_be =
          static_cast<std::ptrdiff_t>(i) != id &&
          (texts_.empty() || id != 0 ? kinds_[i] != ColumnKind::kEmpty : kinds_[i] == ColumnKind::kText);
      if (may_be) lines.push_back(fmt::format("{} for {}", line(i, MetadataColumns::kNone), example(i)));
    }
    if (width_ == 2 && texts_.empty() && kinds_[0] == ColumnKind::kText)
      lines.push_back(fmt::format("--columns text,id for {}", example(0)));
    if (texts_.size() == 2 && id == 0)
      lines.push_back(line(texts_[0], texts_[1]) + " when the latter is the former, normalised");
    return lines;
  }

  std::string example(std::size_t column) const {
    for (const std::string_view value : values(column))
      if (!value.empty()) return fmt::format("\"{}\"", shortened(value));
    return "nothing";
  }

  [[noreturn]] void refuse(std::string_view why) const {
    const std::string others = describe_others();
    throw DataError(fmt::format(
        "{} does not say which column is the text, and {}{}{}{}. Say it: {}. Or name "
        "the columns in a first line, such as id|text|speaker.",
        name_, why, others.empty() ? "" : " (", others, others.empty() ? "" : ")", fmt::join(lines(), "; ")));
  }

  std::span<const MetadataRecord> records_;
  std::string_view name_;
  std::size_t width_;
  std::vector<ColumnKind> kinds_;
  std::vector<std::size_t> texts_;  ///< columns from the second on that look like texts
};

}  // namespace

ChosenColumns choose_columns(std::span<const MetadataRecord> records, std::string_view name) {
  return Chooser(records, name).run();
}

std::size_t usual_width(std::span<const MetadataRecord> records) {
  std::map<std::size_t, std::size_t> counts;
  for (const MetadataRecord& record : records)
    if (record.width > 1) ++counts[record.width];
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& a, const auto& b) { return a.second <= b.second; });
  return most == counts.end() ? 1 : most->first;
}

bool is_version_of(std::string_view text, std::string_view normalised) {
  return likeness(text, normalised) >= kSurelyAlike;
}

}  // namespace feedline

#include "column_kind.hpp"

#include "code_points.hpp"
#include "recording_name.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

namespace feedline {
namespace {

/// Fewer lines cannot show that something recurs.
constexpr std::size_t kFewestSame = 2, kFewestNames = 4;
constexpr std::size_t kMostNameWords = 3, kLongestName = 96;
constexpr std::size_t kComparedBytes = 500;
/// A column is of a kind when so many of its values are.
constexpr double kMost = 0.9;

/// Lengths, times, numbers of speakers: "12", "-1.5e3", "00:01:02,5", "1.27s", "nan", in any script's digits.
bool is_number(std::string_view value) {
  if (value == "nan" || value == "NaN") return true;
  if (value.ends_with('s')) value.remove_suffix(1);
  bool digits = false, other = false;
  for_each_code_point(value, [&](char32_t c) {
    const bool digit = utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_ND;
    digits = digits || digit;
    const bool mark = c == '.' || c == ',' || c == ':' || c == '-' || c == '+' || c == '%' || c == ' ' ||
                      c == U'\u066B' || c == U'\u066C' || (digits && (c == 'e' || c == 'E'));
    other = other || (!digit && !mark);
  });
  return digits && !other;
}

/// One word of ASCII with a digit or an underscore in it: "p225", "en_US", "3f9c..".
bool is_code(std::string_view value) noexcept {
  const auto plain = [](char c) { return c > ' ' && c < 0x7F; };
  const auto marked = [](char c) { return (c >= '0' && c <= '9') || c == '_'; };
  return std::all_of(value.begin(), value.end(), plain) && std::any_of(value.begin(), value.end(), marked);
}

bool is_file(std::string_view value) noexcept {
  return without_recording_ending(value).size() < value.size();
}

bool may_be_name(std::string_view value) noexcept {
  return value.size() <= kLongestName && count_words(value) <= kMostNameWords;
}

std::vector<std::u32string> groups_of_three(std::string_view text) {
  std::u32string points;
  for_each_code_point(text.substr(0, kComparedBytes), [&](char32_t c) {
    points += static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
  });
  std::vector<std::u32string> groups;
  for (std::size_t i = 0; i + 3 <= points.size(); ++i) groups.push_back(points.substr(i, 3));
  if (groups.empty()) groups.push_back(points);
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

}  // namespace

ColumnKind kind_of_column(std::span<const std::string_view> values) {
  std::unordered_set<std::string_view> distinct;
  std::size_t count = 0, numbers = 0, codes = 0, files = 0, names = 0;
  for (const std::string_view value : values) {
    if (value.empty()) continue;
    ++count;
    distinct.insert(value);
    numbers += is_number(value) ? 1 : 0;
    codes += is_code(value) ? 1 : 0;
    files += is_file(value) ? 1 : 0;
    names += may_be_name(value) ? 1 : 0;
  }
  const auto most = [&](std::size_t part) {
    return static_cast<double>(part) >= kMost * static_cast<double>(count);
  };
  if (count == 0) return ColumnKind::kEmpty;
  if (most(numbers)) return ColumnKind::kNumbers;
  if (most(files)) return ColumnKind::kFiles;
  if (count >= kFewestSame && distinct.size() == 1) return ColumnKind::kSame;
  if (count >= kFewestNames && distinct.size() * 2 <= count && most(names)) return ColumnKind::kNames;
  if (most(codes)) return ColumnKind::kCodes;
  return ColumnKind::kText;
}

std::string_view describe(ColumnKind kind) noexcept {
  switch (kind) {
    case ColumnKind::kEmpty:
      return "is empty";
    case ColumnKind::kText:
      return "holds text";
    case ColumnKind::kSame:
      return "holds the same value in every line";
    case ColumnKind::kNumbers:
      return "holds numbers";
    case ColumnKind::kNames:
      return "holds few names that recur";
    case ColumnKind::kFiles:
      return "holds names of recordings";
    case ColumnKind::kCodes:
      return "holds single words with digits";
  }
  return "?";
}

double likeness(std::string_view a, std::string_view b) {
  const std::vector<std::u32string> one = groups_of_three(a), other = groups_of_three(b);
  std::vector<std::u32string> common;
  std::set_intersection(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(common));
  return static_cast<double>(common.size()) / static_cast<double>(std::min(one.size(), other.size()));
}

std::size_t count_words(std::string_view text) noexcept {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t';
    words += !space && !inside ? 1 : 0;
    inside = !space;
  }
  return words;
}

}  // namespace feedline

#include "parse_value.hpp"

#include "flags.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace feedline::config {
namespace {

template <class Number>
bool parse_all(const std::string& text, Number& value) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end;
}

std::string range_words(std::uint64_t lowest, std::uint64_t highest) {
  // Limits that only the number's type sets mean nothing to the user.
  if (highest >= std::numeric_limits<std::int32_t>::max())
    return fmt::format("a whole number, at least {}", lowest);
  return fmt::format("a whole number from {} to {}", lowest, highest);
}

}  // namespace

void throw_bad_value(const GivenFlag& given, const std::string& allowed) {
  throw UsageError(fmt::format("{} is not allowed: it takes {}.", given.written(), allowed));
}

std::uint64_t parse_whole_number(const GivenFlag& given, std::uint64_t lowest, std::uint64_t highest) {
  std::uint64_t value = 0;
  const char* const end = given.text.data() + given.text.size();
  const auto [stop, error] = std::from_chars(given.text.data(), end, value);
  const bool digits_only = stop == end && given.text.front() != '-';
  if (digits_only && (error == std::errc::result_out_of_range || value > highest)) {
    throw_bad_value(given, fmt::format("a whole number from {} to {}", lowest, highest));
  }
  if (error != std::errc() || !digits_only || value < lowest)
    throw_bad_value(given, range_words(lowest, highest));
  return value;
}

double parse_real(const GivenFlag& given, const Range& range, const std::string& unit) {
  double value = 0;
  if (!parse_all(given.text, value) || !range.holds(value)) throw_bad_value(given, range.words(unit));
  return value;
}

std::uint64_t parse_size(const GivenFlag& given) {
  const auto bytes = parse_bytes(given.text);
  if (!bytes || *bytes == 0) throw_bad_value(given, "a size above 0, such as 3G, 512M or 4096 (bytes)");
  return *bytes;
}

void check_choice(const GivenFlag& given) {
  const Flag* flag = find_flag(given.name);
  if (flag == nullptr || flag->field.choices.empty()) return;
  const std::vector<std::string>& choices = flag->field.choices;
  if (std::find(choices.begin(), choices.end(), given.text) != choices.end()) return;
  const std::string near = did_you_mean(given.text, choices);
  throw UsageError(fmt::format("{} is not allowed: it takes one of {}{}", given.written(),
                               comma_list(choices), near.empty() ? "." : near));
}

}  // namespace feedline::config

#pragma once

#include "flag_values.hpp"
#include "range.hpp"

#include <cstdint>
#include <limits>
#include <string>

namespace feedline::config {

/// Throws a UsageError that names the flag as written and the values that are allowed.
[[noreturn]] void throw_bad_value(const GivenFlag& given, const std::string& allowed);

std::uint64_t parse_whole_number(const GivenFlag& given, std::uint64_t lowest, std::uint64_t highest);

/// Returns the value as a whole number without sign; nothing may follow the number. Throws UsageError.
template <class Integer>
Integer parse_whole(const GivenFlag& given, Integer lowest,
                    Integer highest = std::numeric_limits<Integer>::max()) {
  return static_cast<Integer>(
      parse_whole_number(given, static_cast<std::uint64_t>(lowest), static_cast<std::uint64_t>(highest)));
}

/// Returns the value as a number within `range`. `unit` is the word for it in the message. Throws UsageError.
double parse_real(const GivenFlag& given, const Range& range, const std::string& unit);

/// Returns the value as a number of bytes, at least 1: "3G", "512M", "4096". Throws UsageError.
std::uint64_t parse_size(const GivenFlag& given);

/// Throws UsageError unless the value is one of the flag's choices (or the flag has none).
void check_choice(const GivenFlag& given);

}  // namespace feedline::config

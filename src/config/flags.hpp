#pragma once

#include "flag_field.hpp"

#include <feedline/config/options.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedline::config {

/// All that there is to know of one flag. The tables in flags/ are the only list of them: parsing, help,
/// canonical(), checkpoints and messages follow it.
struct Flag {
  std::string name;   ///< without dashes
  std::string value;  ///< what the help calls its value; empty: a switch
  OnResume on_resume;
  std::string help;  ///< what it does
  Field field;
  std::string by_default{};  ///< words for the default: of a field that has no value, or after the value

  bool is_switch() const { return value.empty(); }
};

struct FlagGroup {
  std::string title;
  std::vector<Flag> flags;
};

/// Every flag of `feedline train`, in the order of the help.
const std::vector<FlagGroup>& flag_groups();

/// Its default as the help says it; empty: there is nothing to say.
std::string default_of(const Flag& flag);

/// The flag of that name, or null.
const Flag* find_flag(std::string_view name);

/// Names of all flags with their dashes, for suggestions.
std::vector<std::string> dashed_names();

/// "; did you mean --buffer-size?", or nothing when no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

/// "a, b, c".
std::string comma_list(std::span<const std::string> words);

}  // namespace feedline::config

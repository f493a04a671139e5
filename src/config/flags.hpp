#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedline::config {

/// One flag as the user knows it. `flags()` is the only list of them: parsing, help and messages follow it.
struct Flag {
  std::string name;                    ///< without dashes
  std::string value;                   ///< what the help calls its value; empty: a switch
  std::string help;                    ///< what it does
  std::string by_default;              ///< as the help says it; empty: nothing to say
  std::vector<std::string> choices{};  ///< the words it takes; empty: anything

  bool is_switch() const { return value.empty(); }
};

struct FlagGroup {
  std::string title;
  std::vector<Flag> flags;
};

/// Every flag of `feedline train`, in the order of the help.
const std::vector<FlagGroup>& flag_groups();

/// Those of sounds, speech included, and those of speech alone.
FlagGroup audio_flags();
FlagGroup speech_flags();

/// The flag of that name, or null.
const Flag* find_flag(std::string_view name);

/// Names of all flags with their dashes, for suggestions.
std::vector<std::string> dashed_names();

/// "; did you mean --buffer-size?", or nothing when no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

/// "a, b, c".
std::string comma_list(std::span<const std::string> words);

}  // namespace feedline::config

#include "flags.hpp"

#include "flags/groups.hpp"

#include <feedline/common/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace feedline::config {
const std::vector<FlagGroup>& flag_groups() {
  static const std::vector<FlagGroup> groups = {
      mode_flags(),       data_flags(),  input_flags(),  training_flags(), audio_flags(), speech_flags(),
      checkpoint_flags(), fault_flags(), report_flags(), preview_flags(),  other_flags()};
  return groups;
}

std::string default_of(const Flag& flag) {
  if (!flag.field.write) return flag.by_default;
  static const Options defaults;
  const std::string value = flag.field.show ? flag.field.show(defaults) : flag.field.write(defaults);
  if (value.empty() || value == kUnset) return flag.by_default;
  return flag.by_default.empty() ? value : value + ": " + flag.by_default;
}

const Flag* find_flag(std::string_view name) {
  for (const FlagGroup& group : flag_groups()) {
    for (const Flag& flag : group.flags) {
      if (flag.name == name) return &flag;
    }
  }
  return nullptr;
}

std::vector<std::string> dashed_names() {
  std::vector<std::string> names;
  for (const FlagGroup& group : flag_groups()) {
    for (const Flag& flag : group.flags) names.push_back("--" + flag.name);
  }
  return names;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const auto nearest = nearest_name(word, candidates);
  if (nearest) return "; did you mean " + *nearest + "?";
  for (const std::string& candidate : candidates) {
    if (word.size() > 2 && candidate.starts_with(word)) return "; did you mean " + candidate + "?";
  }
  return "";
}

std::string comma_list(std::span<const std::string> words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace feedline::config

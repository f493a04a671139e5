#include "flags.hpp"
#include "flags/groups.hpp"
#include "sources.hpp"

#include <feedline/config/options.hpp>

#include <algorithm>
#include <string_view>

namespace feedline {
namespace {

using config::FlagGroup;

bool is_one_of(const FlagGroup& group, std::string_view flag) {
  return std::any_of(group.flags.begin(), group.flags.end(),
                     [&](const config::Flag& each) { return each.name == flag; });
}

/// Whether a flag changes anything for a task.
bool is_idle(std::string_view flag, Task task) {
  if (flag == "image-size") return task != Task::kImage;
  if (flag == "clip-seconds") return task != Task::kAudio;
  if (is_one_of(config::audio_flags(), flag)) return task == Task::kImage;
  return is_one_of(config::speech_flags(), flag) && task != Task::kSpeech;
}

}  // namespace

std::vector<std::string> idle_flags(const Options& options, Task task) {
  std::vector<std::string> idle;
  const config::FlagValues values = config::given_flags(options);
  for (const FlagGroup& group : config::flag_groups()) {
    for (const config::Flag& flag : group.flags) {
      const auto* given = values.find(flag.name);
      const bool off = given != nullptr && flag.is_switch() && given->text == "false";
      if (given != nullptr && !off && is_idle(flag.name, task)) idle.push_back(given->written());
    }
  }
  return idle;
}

}  // namespace feedline

#include "flags.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/config/options.hpp>

#include <fmt/format.h>

namespace feedline {

std::string canonical(const Options& options) {
  std::string text;
  for (const config::FlagGroup& group : config::flag_groups()) {
    for (const config::Flag& flag : group.flags)
      if (flag.field.write) text += fmt::format("--{} {}\n", flag.name, flag.field.write(options));
  }
  return text;
}

std::map<std::string, std::string> flags_that(OnResume on_resume, const Options& options) {
  std::map<std::string, std::string> values;
  for (const config::FlagGroup& group : config::flag_groups()) {
    for (const config::Flag& flag : group.flags) {
      if (flag.on_resume == on_resume && flag.field.write)
        values.emplace("--" + flag.name, flag.field.write(options));
    }
  }
  return values;
}

std::string value_of_flag(const std::string& name, const Options& options) {
  const config::Flag* flag = config::find_flag(name);
  if (flag == nullptr || !flag->field.write) throw InternalError("There is no flag --" + name + ".");
  return flag->field.write(options);
}

}  // namespace feedline

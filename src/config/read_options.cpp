#include "read_options.hpp"

#include "flags.hpp"
#include "parse_value.hpp"

namespace feedline::config {
namespace {

void check_choices(const FlagValues& values) {
  for (const FlagGroup& group : flag_groups()) {
    for (const Flag& flag : group.flags)
      if (const GivenFlag* given = values.find(flag.name)) check_choice(*given);
  }
}

void read_flag(const Flag& flag, const FlagValues& values, Options& options) {
  const GivenFlag* given = values.find(flag.name);
  if (flag.field.given) flag.field.given(options) = given != nullptr;
  if (given != nullptr && flag.field.read) flag.field.read(*given, options);
}

}  // namespace

Options read_options(const FlagValues& values) {
  check_choices(values);
  Options options;
  for (const FlagGroup& group : flag_groups()) {
    for (const Flag& flag : group.flags) read_flag(flag, values, options);
  }
  options.data.shown_again = options.epochs > 1;
  return options;
}

}  // namespace feedline::config

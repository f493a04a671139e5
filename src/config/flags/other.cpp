#include "flag_field.hpp"
#include "flags/groups.hpp"

namespace feedline::config {
FlagGroup other_flags() {
  using enum OnResume;
  return {"Other",
          {Flag{"config", "FILE", kNotCompared, "more flags, 'flag = value' a line; the command line wins",
                of_the_command()},
           Flag{"help", "", kNotCompared, "this text; also -h", of_the_command()},
           Flag{"version", "", kNotCompared, "the program's version", of_the_command()}}};
}

}  // namespace feedline::config

#include "flag_field.hpp"
#include "flags/groups.hpp"

namespace feedline::config {
FlagGroup preview_flags() {
  using enum OnResume;
  return {"Preview",
          {Flag{"split", "S", kNotCompared, "which samples", of_the_command({"train", "val"}), "train"},
           Flag{"output", "DIR", kNotCompared,
                "folder for pictures, tensors and names; --max-steps N: that many batches, else 4",
                of_the_command()}}};
}

}  // namespace feedline::config

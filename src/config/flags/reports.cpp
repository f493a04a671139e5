#include "flag_field.hpp"
#include "flags/groups.hpp"

namespace feedline::config {
FlagGroup report_flags() {
  using enum OnResume;
  return {"Reports",
          {Flag{"summary", "FILE", kNotCompared, "write what the run was and did, as JSON",
                text(&Options::summary)},
           Flag{"history", "FILE", kNotCompared, "write a row an epoch, as CSV", text(&Options::history),
                "history.csv in --checkpoint-dir, or none"},
           Flag{"trace", "FILE", kNotCompared,
                "write a timeline of all ranks that opens in Perfetto (ui.perfetto.dev)",
                text(&Options::trace)}}};
}

}  // namespace feedline::config

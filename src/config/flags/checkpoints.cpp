#include "flag_field.hpp"
#include "flags/groups.hpp"
#include "flags/limits.hpp"
#include "flags/members.hpp"

namespace feedline::config {
namespace {

Field resume() {
  using enum CheckpointOptions::Resume;
  return {[](const GivenFlag& given, Options& options) {
            if (given.text == "none") return;
            options.checkpoints.resume = given.text == "auto" ? kAuto : kPath;
            if (options.checkpoints.resume == kPath) options.checkpoints.resume_path = given.text;
          },
          [](const Options& options) -> std::string {
            if (options.checkpoints.resume == kPath) return options.checkpoints.resume_path.string();
            return options.checkpoints.resume == kAuto ? "auto" : "none";
          }};
}

}  // namespace

FlagGroup checkpoint_flags() {
  using enum OnResume;
  return {
      "Checkpoints",
      {Flag{"checkpoint-dir", "DIR", kNotCompared,
            "folder of the checkpoints, one at each epoch's end and at a stop",
            text(in_checkpoints(&CheckpointOptions::folder)), "none"},
       Flag{"checkpoint-every-steps", "N", kNotCompared, "write one every N optimizer steps; 0: not by steps",
            whole(in_checkpoints(&CheckpointOptions::every_steps), 0)},
       Flag{"checkpoint-every-minutes", "M", kNotCompared, "write one every M minutes; 0: not by time",
            real(in_checkpoints(&CheckpointOptions::every_minutes), from(0).to(kLongestDelay), "minutes"),
            "10, or 0 with ...-steps"},
       Flag{"keep-checkpoints", "N", kNotCompared, "how many stay, besides the best",
            whole(in_checkpoints(&CheckpointOptions::keep), 1)},
       Flag{"resume", "WHICH", kNotCompared, "go on from: auto (the newest that is sound), none, or a path",
            resume()},
       Flag{"resume-anyway", "", kNotCompared, "go on although data, model or settings are other ones",
            toggle(in_checkpoints(&CheckpointOptions::resume_anyway))}}};
}

}  // namespace feedline::config

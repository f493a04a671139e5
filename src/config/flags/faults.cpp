#include "flag_field.hpp"
#include "flags/groups.hpp"
#include "flags/limits.hpp"

namespace feedline::config {
namespace {

Field on_data_rank_loss() {
  return choice(&Options::on_data_rank_loss, {{"auto", FailoverPolicy::kAuto},
                                              {"takeover", FailoverPolicy::kTakeover},
                                              {"stop", FailoverPolicy::kStop}});
}

}  // namespace

FlagGroup fault_flags() {
  using enum OnResume;
  return {"Faults",
          {Flag{"on-data-rank-loss", "W", kNotCompared, "the training rank goes on alone, or saves and ends",
                on_data_rank_loss(), "takeover where mpirun lets it live"},
           Flag{"isolate-decoders", "", kNotCompared,
                "decode in child processes: a crash costs one sample; no cache",
                toggle(&Options::isolate_decoders)},
           Flag{"hang-timeout", "S", kNotCompared,
                "seconds without progress until a rank, or a step after a stop, counts as hung",
                real(&Options::hang_timeout, from(1).to(kLongestDelay), "seconds"), "follows the pace"}}};
}

}  // namespace feedline::config

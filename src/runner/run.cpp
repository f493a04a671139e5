#include "ranks.hpp"
#include "report.hpp"
#include "start_up.hpp"
#include "timeline.hpp"

#include <feedline/comm/device_link.hpp>
#include <feedline/comm/launcher.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/common/stop.hpp>
#include <feedline/common/stop_limit.hpp>
#include <feedline/common/text.hpp>
#include <feedline/engine/learner.hpp>
#include <feedline/metrics/stage_range.hpp>
#include <feedline/runner/commands.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <numeric>
#include <optional>
#include <vector>

namespace feedline {
namespace {

/// What a run has at any time, so that it can be reported however it ends. Destroyed from the last to the
/// first.
struct Run {
  explicit Run(const Options& given) : options(given) {}

  const Options& options;
  Clock::time_point program_start = Clock::now() - from_seconds(process_age_seconds());
  Timeline timeline{options.trace.has_value(), program_start};
  std::optional<World> world;
  std::optional<Session> session;
  Outcome outcome;
};

bool prepares_data(const Run& run) {
  if (run.outcome.cannot_meet) return true;
  return run.session && run.session->plan.roles.prepares_data(run.world->rank());
}

bool trains(const Run& run) {
  if (run.session) return run.session->plan.roles.trains(run.world->rank());
  return !run.world || run.world->rank() == run.world->size() - 1;
}

/// Of a run that did not come to that, the roles that it would have had.
Roles roles_of(const Run& run) {
  if (run.session) return run.session->plan.roles;
  const int ranks = run.world ? run.world->size() : 1;
  return {std::max(ranks - 1, 1), ranks == 1};
}

/// Whom this rank waits for at the end: the one that trains for all others; these for that one, which decides
/// what becomes of the run.
std::vector<int> awaited_at_the_end(const Run& run) {
  const Roles roles = roles_of(run);
  if (!roles.trains(run.world->rank())) return {roles.model_rank()};
  std::vector<int> others(static_cast<std::size_t>(run.world->size() - 1));
  std::iota(others.begin(), others.end(), 0);
  return others;
}

/// The end that all ranks come to: the first failure's code is everybody's.
std::vector<RankReport> meet(Run& run) {
  std::vector<RankReport> reports;
  const StageRange range(run.timeline.lane(), stage::kFinish);
  capture(run.outcome, [&] {
    run.world->end_begins(awaited_at_the_end(run));
    const RankReport mine = make_rank_report(run.outcome, run.program_start, prepares_data(run));
    try {
      for (const std::string& text :
           run.world->gather_last(to_text(mine), run.outcome.code, run.outcome.message))
        reports.push_back(rank_report_from(text));
    } catch (const PeerError&) {
      const Roles roles = roles_of(run);
      if (roles.trains(run.world->rank()) || !lost_data_rank_only(*run.world, roles)) throw;
      run.outcome.cannot_meet = run.outcome.bystander = true;  // this rank has done its part
    }
  });
  for (const RankReport& report : reports) {
    if (report.code != ExitCode::kDone) note_failure(run.outcome, report.code, report.message, false);
  }
  return reports;
}

void tell_results(const Run& run, const Summary& summary, const std::vector<RankReport>& reports) {
  if (run.outcome.code == ExitCode::kStopped)
    log_info(fmt::format("Stopped on request after step {}.", summary.steps));
  if (run.outcome.training.steps == 0) return;
  say(format_table(summary));
  double read_share = 0;
  for (const RankReport& rank : reports) read_share = std::max(read_share, rank.read_share);
  const std::string advice = advise(
      summary, {run.session->plan.cores, run.options.buffer_size, run.session->plan.cache_whole, read_share});
  if (!advice.empty()) say(advice);
}

void report(Run& run, const std::vector<RankReport>& reports) {
  if (!trains(run)) return;
  const Summary summary =
      make_summary(run.session, run.world ? &*run.world : nullptr, run.outcome, reports, run.program_start);
  tell_results(run, summary, reports);
  if (run.options.summary) capture(run.outcome, [&] { write_summary(*run.options.summary, summary); });
}

/// Writes what `--trace` asked for, on the rank that trains. All ranks come here.
void report_timeline(Run& run, bool all_met) {
  capture(run.outcome, [&] {
    const auto ranks = run.timeline.gather(run.world ? &*run.world : nullptr, roles_of(run), all_met);
    if (ranks.empty()) return;
    write_trace(*run.options.trace, ranks,
                {{"program", "feedline"},
                 {"flags", fmt::format("{}", fmt::join(run.options.arguments, " "))},
                 {"exit", run.outcome.code == ExitCode::kDone ? "done" : run.outcome.message}});
    log_info(fmt::format("The timeline is in {}; ui.perfetto.dev opens it.", run.options.trace->string()));
  });
}

/// MPI_Finalize waits for all ranks, and for a launcher that may be ending itself; freeing what lies on a GPU
/// waits for all that it was asked for.
constexpr unsigned kFarewellSeconds = 5;

/// Ends this process without those who cannot be met any more: MPI_Finalize would wait for them.
[[noreturn]] void leave(const Run& run) {
  if (run.outcome.bystander) _exit(static_cast<int>(run.outcome.code));
  if (!ends_other_ranks()) run.world->kill_neighbours();
  note_exit_code(run.outcome.code);
  _exit(static_cast<int>(run.outcome.code));
}

/// What is told at the very end may wait for a disk, or for whoever reads the output.
constexpr unsigned kLastWordsSeconds = 30;

/// Ends a process whose model does not come back, which nothing else can; tells first what there is to tell.
/// For the thread of a StopLimit: the main thread changes nothing meanwhile.
[[noreturn]] void end_unfinished(Run& run, const std::string& what, double seconds) {
  end_process_in(kLastWordsSeconds, ExitCode::kStopped);
  Outcome& outcome = run.outcome;
  const Checkpoints& checkpoints = run.session->checkpoints;
  const char* kept = checkpoints.folder ? "Nothing newer than the last checkpoint is kept."
                                        : "Nothing is kept: there is no --checkpoint-dir.";
  outcome.code = ExitCode::kStopped;
  outcome.message = fmt::format("stopped: {} had not ended within {}", what, format_duration(seconds));
  leave_word(outcome.code, outcome.message);  // MPI is the main thread's
  log_error(
      fmt::format("Stopped on request, but {} has not ended within {}, so the process ends without it. "
                  "{} The model may be in a loop that never ends; --hang-timeout sets how long this may "
                  "take.",
                  what, format_duration(seconds), kept));
  capture(outcome, [&] {
    if (outcome.under_way != nullptr) {
      outcome.training = *outcome.under_way;
    } else if (checkpoints.resumed) {
      outcome.training = checkpoints.resumed->report;
    }
    report(run, {make_rank_report(outcome, run.program_start, prepares_data(run))});
  });
  report_timeline(run, false);
  std::fflush(nullptr);
  leave(run);
}

void play_role(Run& run) {
  World& world = *run.world;
  Session& session = *run.session;
  Outcome& outcome = run.outcome;
  if (session.gpu) outcome.gpu_bytes = session.gpu->bytes_held();  // all of it is taken by now
  if (!session.plan.roles.trains(world.rank())) return run_data_rank(world, session, outcome);
  StopLimit limit(session.plan.options.hang_timeout,
                  [&run](const std::string& what, double seconds) { end_unfinished(run, what, seconds); });
  if (session.plan.roles.single) return run_single_rank(session, outcome, limit);
  run_model_rank(world, session, outcome, limit);
}

StartLimits start_limits(const Options& options) {
  StartLimits limits;
  limits.stopped = options.hang_timeout.value_or(limits.stopped);
  return limits;
}

}  // namespace

ExitCode run_train(const Options& options, const Launch& launch) {
  Run run(options);
  install_stop_signals();
  if (!launch.warning.empty()) log_warning(launch.warning);
  if (const int gained = release_default_binding(); gained > 0 && launch.rank == 0) {
    log_info(fmt::format(
        "mpirun had bound each rank to a part of the cores; released, {} more to use (--bind-to none says so "
        "from the start).",
        gained));
  }

  capture(run.outcome, [&] {
    if (options.share_gpu && launch.size > 1) share_one_gpu(launch.rank);  // before CUDA is first used
    {
      const StageRange range(run.timeline.lane(), stage::kStartMpi);
      run.world.emplace(launch, list_gpus(), cuda_training_available(), start_limits(options));
    }
    run.session.emplace(start_up(*run.world, options, run.timeline));
    play_role(run);
  });

  std::vector<RankReport> reports;
  if (run.outcome.code != ExitCode::kPeerLost && !run.outcome.cannot_meet && run.world) reports = meet(run);
  const bool all_met = !reports.empty();
  if (!all_met) reports = {make_rank_report(run.outcome, run.program_start, prepares_data(run))};
  report(run, reports);
  report_timeline(run, all_met);
  std::fflush(nullptr);
  if (run.world && !all_met) leave(run);
  note_exit_code(run.outcome.code);  // now: a launcher that was asked to stop does not wait for the rest
  end_process_in(kFarewellSeconds, run.outcome.code);
  run.session.reset();  // channels go before MPI does
  if (run.world) run.world->finish();
  return run.outcome.code;
}

}  // namespace feedline

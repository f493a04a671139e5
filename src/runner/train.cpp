#include "train.hpp"

#include <feedline/common/log.hpp>
#include <feedline/common/stop.hpp>
#include <feedline/engine/model_card.hpp>
#include <feedline/engine/saver.hpp>
#include <feedline/metrics/history.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>

namespace feedline {
namespace {

ModelCard card_of(const Session& session, const Learner& learner) {
  return {learner.model_name(), !session.train.model_file, session.plan.data_info};
}

SaveOptions save_options(const Session& session, const Learner& learner) {
  constexpr double kMinutes = 10;
  const CheckpointOptions& options = session.plan.options.checkpoints;
  const FaultPlan& faults = session.faults;
  SaveOptions save;
  save.lane = session.timeline.lane();
  save.writer_lane = lane_in(session.timeline.trace(), "checkpoint writer");
  save.every_steps = options.every_steps;
  save.every_minutes = options.every_minutes.value_or(options.every_steps > 0 ? 0 : kMinutes);
  save.keep = options.keep;
  save.parts.push_back({ModelCard::kFile, [text = to_text(card_of(session, learner))](const ByteSink& sink) {
                          sink(std::as_bytes(std::span(text)));
                        }});
  if (!faults.empty())
    save.before_save = [&faults](std::uint64_t save_number) { faults.before_save(save_number); };
  return save;
}

/// All of the states to be saved but what training changes.
RunState make_basis(const Session& session) {
  const Checkpoints& checkpoints = session.checkpoints;
  RunState basis;
  if (checkpoints.resumed) basis = *checkpoints.resumed;
  basis.must_match = checkpoints.must_match;
  basis.may_change = checkpoints.may_change;
  basis.data = describe_source(session.plan.options.data, session.plan.data_info);
  basis.layout = fmt::format("data ranks: {}; over {}, {} workers", session.plan.roles.data_ranks,
                             name_of(session.channel.transport), session.plan.workers);
  return basis;
}

/// The exit code says so when not all that was asked for is on the disk.
void note_saves(const SaveStats& stats, bool stopped, Outcome& outcome) {
  if (stats.failed == 0 || (stopped && !stats.last_failed)) return;
  note_failure(outcome, ExitCode::kInternal,
               fmt::format("{} of {} checkpoints could not be written, the last because of {}.", stats.failed,
                           stats.failed + stats.written, stats.trouble),
               true);
}

/// Whether training was ended from outside, so that its state is worth keeping.
bool was_cut_short(const Outcome& outcome, const TrainReport& report) {
  return report.stopped || outcome.code == ExitCode::kPeerLost || outcome.reported_by_peer;
}

/// Of several data ranks each knows its own bad samples, and this rank those of all. Throws DataError.
void check_bad_share(const Session& session, const BadRows& bad) {
  const std::uint64_t found = bad.ids[0].size() + bad.ids[1].size();
  const std::uint64_t samples = session.plan.data_info.train_size + session.plan.data_info.val_size;
  const double most = session.plan.options.data.max_bad;
  if (static_cast<double>(found) <= most * static_cast<double>(samples)) return;
  throw DataError(fmt::format(
      "More than {:g} % of the samples cannot be used ({} of {} so far; --max-bad). The data ranks "
      "have named them. `feedline check DIR` lists all of them.",
      100 * most, found, samples));
}

std::optional<History> open_history(const Session& session) {
  const Checkpoints& checkpoints = session.checkpoints;
  const std::optional<std::filesystem::path>& asked = session.plan.options.history;
  if (!asked && !checkpoints.folder) return std::nullopt;
  const std::filesystem::path path = asked ? *asked : checkpoints.folder->path() / History::kName;
  const std::uint32_t done =
      checkpoints.resumed ? std::min(checkpoints.resumed->report.epochs, session.plan.schedule.first_epoch())
                          : 0;
  try {
    return History(path, done);
  } catch (const std::filesystem::filesystem_error& error) {
    const std::string text =
        fmt::format("The history {} cannot be written ({})", path.string(), error.code().message());
    if (asked) throw UsageError(text + ". Give another path with --history, or drop it.");
    log_warning(text + ". Training goes on without it.");
    return std::nullopt;
  }
}

/// A row that cannot be written is no reason to end a run.
void add_to(std::optional<History>& history, const EpochFigures& epoch) {
  if (!history) return;
  try {
    history->add(epoch);
  } catch (const std::filesystem::filesystem_error& error) {
    log_warning(fmt::format("The history {} cannot be written ({}): it lacks epoch {}.",
                            history->path().string(), error.code().message(), epoch.epoch));
  }
}

}  // namespace

void train(Session& session, Learner& learner, Outcome& outcome, StopLimit& limit) {
  const Checkpoints& checkpoints = session.checkpoints;
  if (session.plan.schedule.size() == 0) {
    log_info(
        "Nothing is left to train: the checkpoint is of the run's end. More --epochs (or --max-steps) go "
        "on.");
  }
  Progress progress(stdout, output_is_terminal());
  BatchReceiver& receiver = *session.channel.receiver;
  Trainer trainer(
      learner, receiver, session.plan.schedule, session.train, progress,
      [&] { return stop_requested() || session.channel.control->stop_asked(); },
      checkpoints.resumed ? checkpoints.resumed->report : TrainReport{});
  trainer.limit_by(&limit);
  trainer.show_on(session.timeline.lane());
  std::optional<History> history = open_history(session);
  trainer.after_each_epoch([&](const EpochFigures& epoch) { add_to(history, epoch); });
  std::optional<Saver> saver;
  if (checkpoints.folder) {
    saver.emplace(*checkpoints.folder, save_options(session, learner), make_basis(session),
                  checkpoints.is_saved());
    trainer.save_to(*saver);
  }
  trainer.after_each_batch([&](std::uint64_t batch) {
    if (session.plan.roles.data_ranks > 1) check_bad_share(session, trainer.report().bad);
    if (!session.faults.empty()) session.faults.after_batch(session.plan.roles.model_rank(), batch);
  });
  outcome.under_way = &trainer.report();
  capture(outcome, [&] { trainer.run(); });
  if (was_cut_short(outcome, trainer.report())) capture(outcome, [&] { trainer.save_now(); });
  outcome.training = trainer.report();
  outcome.under_way = nullptr;
  if (learner.graphs() > 0) log_info(fmt::format("CUDA graphs recorded: {}.", learner.graphs()));
  note_saves(saver ? saver->finish() : SaveStats{}, trainer.report().stopped, outcome);
  if (trainer.report().stopped) note_failure(outcome, ExitCode::kStopped, "stopped", false);
}

}  // namespace feedline

#include "ranks.hpp"

#include <feedline/common/stop.hpp>
#include <feedline/engine/saver.hpp>
#include <feedline/metrics/messages.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>

namespace feedline {
namespace {

/// What the fault plan does to a batch that is complete: to its bytes, and to this process.
void make_faults(const FaultPlan& faults, int rank, const Slot& batch, bool crosses) {
  const std::uint64_t number = batch.header().sequence + 1;
  if (crosses && faults.flips(number) && batch.header().count > 0) batch.row(0, 0)[0] ^= std::byte{1};
  if (crosses)
    faults.after_batch(rank, number);  // a single rank's batches are counted where they are consumed
}

Prefetcher make_prefetcher(const Session& session) {
  PrefetchOptions options{session.options.data.seed, session.workers, !session.options.num_workers,
                          session.options.order};
  if (!session.faults.empty()) {
    options.before_publish = [&session](const Slot& batch) {
      make_faults(session.faults, 0, batch, !session.roles.single);
    };
  }
  return Prefetcher(session.schedule, session.data.train, session.data.val, *session.bad,
                    *session.channel.sender, options);
}

/// What the data side did, for the report.
void note_input(const Prefetcher& prefetcher, const Session& session, Outcome& outcome) {
  outcome.input = prefetcher.stats();
  outcome.stages = session.data.train->stages();
  const CacheStats train = session.data.train->cache(), val = session.data.val->cache();
  outcome.cache = train;
  if (val.bytes != train.bytes || val.hits != train.hits) {  // a cache of its own
    outcome.cache.bytes += val.bytes;
    outcome.cache.hits += val.hits;
  }
}

std::unique_ptr<Learner> build_model(const Session& session, Outcome& outcome) {
  auto learner = make_learner(session.options.train, session.data_info);
  outcome.model_name = learner->model_name();
  outcome.parameters = learner->parameters();
  if (session.checkpoints.resumed)
    learner->restore(session.checkpoints.from, session.options.checkpoints.resume_anyway);
  return learner;
}

SaveOptions save_options(const CheckpointOptions& options, const FaultPlan& faults) {
  constexpr double kMinutes = 10;
  SaveOptions save;
  save.every_steps = options.every_steps;
  save.every_minutes = options.every_minutes.value_or(options.every_steps > 0 ? 0 : kMinutes);
  save.keep = options.keep;
  if (!faults.empty())
    save.before_save = [&faults](std::uint64_t save_number) { faults.before_save(save_number); };
  return save;
}

/// All of the states to be saved but what training changes.
RunState make_basis(const Session& session) {
  const Checkpoints& checkpoints = session.checkpoints;
  RunState basis;
  if (checkpoints.resumed) basis = *checkpoints.resumed;
  basis.fixed = checkpoints.fixed;
  basis.free = checkpoints.free;
  basis.layout = fmt::format("{} data and {} model ranks over {}, {} workers", session.roles.data_ranks,
                             session.roles.model_ranks, session.channel.transport, session.workers);
  return basis;
}

/// The exit code says so when not all that was asked for is on the disk.
void note_saves(const Session& session, const SaveStats& stats, bool stopped, Outcome& outcome) {
  if (!session.checkpoints.trouble.empty())
    note_failure(outcome, ExitCode::kInternal,
                 session.checkpoints.trouble + ": there are no checkpoints of this run.", true);
  if (stats.failed == 0 || (stopped && !stats.last_failed)) return;
  note_failure(outcome, ExitCode::kInternal,
               fmt::format("{} of {} checkpoints could not be written, the last because of {}.", stats.failed,
                           stats.failed + stats.written, stats.trouble),
               true);
}

/// Whether training was ended from outside, so that its state is worth keeping.
bool was_cut_short(const Outcome& outcome, const TrainReport& report) {
  return report.stopped || outcome.code == ExitCode::kPeerLost || outcome.hearsay;
}

void train(Session& session, Learner& learner, Outcome& outcome) {
  const Checkpoints& checkpoints = session.checkpoints;
  Progress progress(stdout, output_is_terminal());
  Trainer trainer(learner, *session.channel.receiver, session.schedule, session.options.train, progress,
                  stop_requested, checkpoints.resumed ? checkpoints.resumed->report : TrainReport{});
  std::optional<Saver> saver;
  if (checkpoints.folder) {
    saver.emplace(*checkpoints.folder, save_options(session.options.checkpoints, session.faults),
                  make_basis(session), checkpoints.is_saved());
    trainer.save_to(*saver);
  }
  if (!session.faults.empty()) {
    trainer.after_each_batch(
        [&](std::uint64_t batch) { session.faults.after_batch(session.roles.first_model_rank(), batch); });
  }
  capture(outcome, [&] { trainer.run(); });
  if (was_cut_short(outcome, trainer.report())) capture(outcome, [&] { trainer.save_now(); });
  outcome.training = trainer.report();
  note_saves(session, saver ? saver->finish() : SaveStats{}, trainer.report().stopped, outcome);
  if (trainer.report().stopped) note_failure(outcome, ExitCode::kStopped, "stopped", false);
}

/// Runs one role's part of the stream and closes its end of the channel, with the reason when it failed:
/// nobody is left waiting for a rank that has given up.
template <class End, class Work>
void on_channel(End& end, Outcome& outcome, Work work) {
  end.start();
  capture(outcome, work);
  if (outcome.code != ExitCode::kDone && outcome.code != ExitCode::kStopped)
    end.fail({outcome.code, outcome.message});
}

}  // namespace

void run_single_rank(Session& session, Outcome& outcome) {
  Prefetcher prefetcher = make_prefetcher(session);
  prefetcher.start();
  const auto learner = build_model(session, outcome);
  say(single_gpu_banner(session.devices.model.name(), session.buffer.batches));
  capture(outcome, [&] {
    session.channel.receiver->wait_ready();
    train(session, *learner, outcome);
  });
  session.channel.receiver->close();
  capture(outcome, [&] { prefetcher.wait(); });
  note_input(prefetcher, session, outcome);
  outcome.link = session.channel.sender->stats();
}

void run_data_rank(World& world, Session& session, Outcome& outcome) {
  Prefetcher prefetcher = make_prefetcher(session);
  prefetcher.start();
  world.together("build the model", [] {});
  BatchSender& sender = *session.channel.sender;
  on_channel(sender, outcome, [&] {
    prefetcher.wait();
    sender.drain();
  });
  sender.join();
  note_input(prefetcher, session, outcome);
  outcome.link = sender.stats();
}

void run_model_rank(World& world, Session& session, Outcome& outcome) {
  std::unique_ptr<Learner> learner;
  world.together("build the model", [&] { learner = build_model(session, outcome); });
  BatchReceiver& receiver = *session.channel.receiver;
  on_channel(receiver, outcome, [&] {
    say(multi_gpu_banner(session.devices.data.name(), session.devices.model.name(), session.buffer.batches));
    say(waiting_message(session.options.model_start_delay));
    world.sleep_until(Clock::now() + from_seconds(session.options.model_start_delay));
    receiver.wait_ready();
    say(training_starts());
    train(session, *learner, outcome);
  });
  receiver.close();
  receiver.join();
}

}  // namespace feedline

#include "ranks.hpp"

#include "input_report.hpp"
#include "schedule_of.hpp"
#include "train.hpp"
#include "watch.hpp"

#include <feedline/comm/launcher.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/stop.hpp>
#include <feedline/metrics/messages.hpp>
#include <feedline/metrics/stage_range.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>

namespace feedline {
namespace {

/// What the fault plan does to a batch that is complete: to its bytes, and to this process.
void make_faults(const FaultPlan& faults, int rank, const Slot& batch) {
  const std::uint64_t number = batch.header().sequence + 1;
  if (faults.flips(number) && batch.header().count > 0) batch.row(0, 0)[0] ^= std::byte{1};
  faults.after_batch(rank, number);
}

PrefetchOptions prefetch_options(const Session& session) {
  PrefetchOptions options;
  options.seed = session.options.data.seed;
  options.workers = session.workers;
  options.tune = !session.options.num_workers;
  options.order = order_of(session.options, session.data_info);
  options.trace = session.timeline.trace();
  return options;
}

std::unique_ptr<Prefetcher> make_prefetcher(const Session& session) {
  PrefetchOptions options = prefetch_options(session);
  if (!session.roles.single && !session.faults.empty()) {
    options.before_publish = [&session](const Slot& batch) { make_faults(session.faults, 0, batch); };
  }
  return std::make_unique<Prefetcher>(session.schedule, session.data.train, session.data.val, *session.bad,
                                      *session.channel.sender, options);
}

std::unique_ptr<Learner> build_model(const Session& session, Outcome& outcome) {
  const StageRange range(session.timeline.lane(), stage::kBuildModel);
  auto learner = make_learner(session.options.train, session.data_info);
  outcome.model_name = learner->model_name();
  outcome.parameters = learner->parameters();
  if (session.checkpoints.resumed)
    learner->restore(session.checkpoints.from, session.options.checkpoints.resume_anyway);
  return learner;
}

/// Blocks until there is something to train on.
void await_first_batch(const Session& session) {
  const StageRange range(session.timeline.lane(), stage::kFirstBatch);
  session.channel.receiver->wait_ready();
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

/// The other end of a channel between `rank` and this rank.
Counterpart counterpart(const World& world, const Session& session, int rank, const char* role) {
  Counterpart other;
  other.name = fmt::format("Rank {} ({})", rank, role);
  if (world.topology().see_each_other(world.rank(), rank)) other.pid = world.topology().rank(rank).pid;
  other.beats = session.channel.transport == "shm";
  return other;
}

/// Whether this rank may go on when the data rank dies: it must be left alive, and have the data.
bool may_take_over(const World& world, const Session& session) {
  const HandOver asked = session.options.on_data_rank_loss;
  const bool near = world.topology().see_each_other(0, world.rank());
  if (asked == HandOver::kTakeover && !survives_other_ranks()) {
    log_warning(
        "--on-data-rank-loss takeover: this launcher ends all ranks when one dies. Start with `mpirun "
        "--enable-recovery`, as the scripts in launch/ do.");
  }
  return asked == HandOver::kTakeover || (asked == HandOver::kAuto && near && survives_other_ranks());
}

/// Does what needs the other ranks; that they are gone is no failure once this rank goes on alone.
template <class Work>
void unless_alone(TakeOver& take_over, Work work) {
  try {
    work();
  } catch (const PeerError&) {
    if (!take_over.armed()) throw;
    // MPI may tell before the kernel does.
    for (const Deadline soon = Deadline::in(1); !take_over.accepted() && !soon.passed();)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (!take_over.accepted()) throw;
  }
}

}  // namespace

void run_single_rank(Session& session, Outcome& outcome) {
  std::unique_ptr<Prefetcher> prefetcher = make_prefetcher(session);
  prefetcher->start();
  const auto learner = build_model(session, outcome);
  BatchReceiver& receiver = *session.channel.receiver;
  bool hung = false;
  const Watch watch(session.channel, {"The input", 0, false}, session.options.hang_timeout,
                    [&](const std::string& message) {
                      hung = true;
                      receiver.lose_peer(message);
                    });
  say(single_gpu_banner(session.devices.model.name(), session.buffer.batches));
  capture(outcome, [&] {
    await_first_batch(session);
    train(session, *learner, outcome);
  });
  receiver.close();
  if (hung) {
    static_cast<void>(
        prefetcher.release());  // its workers cannot be waited for; the process ends without them
    return;
  }
  capture(outcome, [&] { prefetcher->wait(); });
  note_input(outcome, *prefetcher, session.data);
  outcome.link = session.channel.sender->stats();
}

void run_data_rank(World& world, Session& session, Outcome& outcome) {
  const std::unique_ptr<Prefetcher> prefetcher = make_prefetcher(session);
  prefetcher->start();
  StageRange range(session.timeline.lane(), stage::kAwaitModel);
  world.together("build the model", [] {});
  range.end();
  BatchSender& sender = *session.channel.sender;
  const Counterpart other = counterpart(world, session, session.roles.first_model_rank(), "model");
  const Watch watch(session.channel, other, session.options.hang_timeout,
                    [&](const std::string& message) { sender.lose_peer(message); });
  on_channel(sender, outcome, [&] {
    StageRange stream(session.timeline.lane(), stage::kWorkersRun);
    prefetcher->wait();
    stream.next(stage::kLastBatches);
    sender.drain();
  });
  sender.join();
  note_input(outcome, *prefetcher, session.data);
  outcome.link = sender.stats();
}

void run_model_rank(World& world, Session& session, Outcome& outcome) {
  TakeOver& take_over = *session.take_over;
  if (may_take_over(world, session)) {
    take_over.arm(
        {session.options, session.schedule, session.data_info, session.faults, prefetch_options(session)},
        session.channel.receiver);
  }
  std::unique_ptr<Learner> learner;
  unless_alone(take_over,
               [&] { world.together("build the model", [&] { learner = build_model(session, outcome); }); });
  BatchReceiver& receiver = *session.channel.receiver;
  const Counterpart other = counterpart(world, session, 0, "data");
  const Watch watch(session.channel, other, session.options.hang_timeout,
                    [&](const std::string& message) { receiver.lose_peer(message); });
  on_channel(receiver, outcome, [&] {
    say(multi_gpu_banner(session.devices.data.name(), session.devices.model.name(), session.buffer.batches));
    say(waiting_message(session.options.model_start_delay));
    unless_alone(take_over, [&] {
      const StageRange range(session.timeline.lane(), stage::kStartDelay);
      world.sleep_until(Clock::now() + from_seconds(session.options.model_start_delay), stop_requested);
    });
    await_first_batch(session);
    say(training_starts());
    train(session, *learner, outcome);
  });
  receiver.close();
  take_over.disarm();
  take_over.finish(outcome);
  outcome.alone = take_over.accepted();
  receiver.join();
}

}  // namespace feedline

#include "ranks.hpp"

#include "input_report.hpp"
#include "make_input.hpp"
#include "train.hpp"
#include "watchdog.hpp"

#include <feedline/comm/launcher.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/stop.hpp>
#include <feedline/metrics/messages.hpp>
#include <feedline/metrics/stage_range.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace feedline {
namespace {

std::unique_ptr<Learner> build_learner(const Session& session) {
  TrainSettings train = session.train;
  train.model_size = session.checkpoints.model_size.value_or(train.model_size);
  auto learner = make_learner(train, session.plan.data_info);
  if (!session.plan.options.checkpoints.folder && !session.train.synthetic_step_ms)
    log_info("Without --checkpoint-dir the trained model is not kept: it is gone when the run ends.");
  if (session.checkpoints.resumed)
    learner->restore(session.checkpoints.from, session.plan.options.checkpoints.resume_anyway);
  return learner;
}

std::unique_ptr<Learner> build_model(const Session& session, Outcome& outcome, StopLimit& limit) {
  const StageRange range(session.timeline.lane(), stage::kBuildModel);
  std::unique_ptr<Learner> learner;
  {
    const StopLimit::Work work(&limit, "the building of the model");
    learner = build_learner(session);
  }
  outcome.model_name = learner->model_name();
  outcome.parameters = learner->parameters();
  return learner;
}

/// Blocks until there is something to train on.
void await_first_batch(const Session& session) {
  const StageRange range(session.timeline.lane(), stage::kFirstBatch);
  session.channel.receiver->wait_ready();
}

/// Runs one role's part of the stream, and reports a failure through its end of the channel: nobody is left
/// waiting for a rank that has given up.
template <class End, class Work>
void on_channel(ChannelControl& control, End& end, Outcome& outcome, Work work) {
  capture(outcome, [&] {
    control.start();
    work();
  });
  if (outcome.code != ExitCode::kDone && outcome.code != ExitCode::kStopped)
    end.fail({outcome.code, outcome.message});
}

/// The rank at the other end of a feed.
Counterpart counterpart(const World& world, const Feed& feed, int rank, const char* role) {
  Counterpart other;
  other.name = fmt::format("Rank {} ({})", rank, role);
  if (world.topology().see_each_other(world.rank(), rank)) other.pid = world.topology().rank(rank).pid;
  other.beats = feed.traits.beats;
  return other;
}

/// Whether this rank may go on when a data rank dies: it must be left alive, and have the data; and the other
/// data ranks, if there are any, must be heard without MPI, which is not to be called any more.
bool may_fail_over(const World& world, const Session& session) {
  const FailoverPolicy asked = session.plan.options.on_data_rank_loss;
  if (session.feeds.size() > 1 && traits_of(session.channel.transport).needs_mpi) {
    if (asked == FailoverPolicy::kTakeover)
      log_warning(
          "--on-data-rank-loss takeover: with several data ranks it takes --transport shm. A lost one ends "
          "the run.");
    return false;
  }
  const bool near = world.topology().see_each_other(0, world.rank());
  if (asked == FailoverPolicy::kTakeover && !survives_other_ranks()) {
    log_warning(
        "--on-data-rank-loss takeover: this launcher ends all ranks when one dies. Start with `mpirun "
        "--enable-recovery`, as the scripts in launch/ do.");
  }
  return asked == FailoverPolicy::kTakeover ||
         (asked == FailoverPolicy::kAuto && near && survives_other_ranks());
}

void arm_failovers(const Session& session) {
  for (const Feed& feed : session.feeds) {
    feed.failover->arm({session.plan.options, feed.part, session.plan.data_info, session.faults,
                        prefetch_options(session), feed.data_rank, session.feeds.size() == 1},
                       feed.control);
  }
}

bool any_armed(const std::vector<Feed>& feeds) {
  return std::ranges::any_of(feeds, [](const Feed& feed) { return feed.failover->armed(); });
}

bool any_accepted(const std::vector<Feed>& feeds) {
  return std::ranges::any_of(feeds, [](const Feed& feed) { return feed.failover->accepted(); });
}

/// Does what needs the other ranks; that they are gone is no failure once this rank goes on without.
template <class Work>
void unless_alone(const std::vector<Feed>& feeds, Work work) {
  try {
    work();
  } catch (const PeerError&) {
    if (!any_armed(feeds)) throw;
    // MPI may tell before the kernel does.
    for (const Deadline soon = Deadline::in(1); !any_accepted(feeds) && !soon.passed();)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (!any_accepted(feeds)) throw;
  }
}

/// One watch for each data rank.
std::vector<std::unique_ptr<Watchdog>> watch_data_ranks(const World& world, Session& session) {
  std::vector<std::unique_ptr<Watchdog>> watches;
  for (Feed& feed : session.feeds) {
    watches.push_back(std::make_unique<Watchdog>(
        *feed.control, counterpart(world, feed, feed.data_rank, "data"), session.plan.options.hang_timeout,
        [&feed](const std::string& message) { feed.control->lose_peer(message); }));
  }
  return watches;
}

}  // namespace

void run_single_rank(Session& session, Outcome& outcome, StopLimit& limit) {
  std::unique_ptr<InputPipeline> input = make_input(session);
  input->start();
  const auto learner = build_model(session, outcome, limit);
  BatchReceiver& receiver = *session.channel.receiver;
  std::atomic<bool> hung{false};
  ChannelControl& control = *session.channel.control;
  const Watchdog watch(control, {.name = "The input"}, session.plan.options.hang_timeout,
                       [&](const std::string& message) {
                         hung = true;
                         control.lose_peer(message);
                       });
  say(single_gpu_banner(session.plan.devices.model.name(), session.plan.buffer.batches));
  capture(outcome, [&] {
    await_first_batch(session);
    train(session, *learner, outcome, limit);
  });
  receiver.close();
  if (hung) {
    // Its workers cannot be waited for; the process ends without them.
    static_cast<void>(input.release());
    return;
  }
  capture(outcome, [&] { input->wait(); });
  note_input(outcome, *input);
  outcome.link = control.stats();
}

void run_data_rank(World& world, Session& session, Outcome& outcome) {
  std::unique_ptr<InputPipeline> input;
  StageRange range(session.timeline.lane(), stage::kAwaitModel);
  try {
    world.together("build the model", [&] {
      input = make_input(session);
      input->start();
    });
  } catch (const PeerError&) {
    // Without a call of MPI this rank can go on, if the one that trains does.
    outcome.bystander = lost_data_rank_only(world, session.plan.roles);
    if (session.feeds.front().traits.needs_mpi || !outcome.bystander) throw;
  }
  range.end();
  BatchSender& sender = *session.channel.sender;
  ChannelControl& control = *session.channel.control;
  Counterpart other = counterpart(world, session.feeds.front(), session.plan.roles.model_rank(), "model");
  other.trains = true;
  other.waits_for_others = session.plan.roles.data_ranks > 1;
  std::atomic<bool> hung{false};
  std::optional<Watchdog> watch;
  on_channel(control, sender, outcome, [&] {
    watch.emplace(control, other, session.plan.options.hang_timeout, [&](const std::string& message) {
      hung = true;
      control.lose_peer(message);
    });
    world.start_is_over();
    StageRange stream(session.timeline.lane(), stage::kWorkersRun);
    input->wait();
    stream.next(stage::kLastBatches);
    sender.drain();
  });
  control.join();
  note_input(outcome, *input);
  outcome.link = control.stats();
  outcome.cannot_meet =
      lost_data_rank_only(world, session.plan.roles);  // who will not come to the meeting at the end
  outcome.bystander = !hung && (outcome.cannot_meet || outcome.reported_by_peer);
}

bool lost_data_rank_only(World& world, const Roles& roles) {
  return world.lost_any() && !world.is_lost(roles.model_rank());
}

void run_model_rank(World& world, Session& session, Outcome& outcome, StopLimit& limit) {
  const std::vector<Feed>& feeds = session.feeds;
  if (may_fail_over(world, session)) arm_failovers(session);
  std::unique_ptr<Learner> learner;
  unless_alone(feeds, [&] {
    world.together("build the model", [&] { learner = build_model(session, outcome, limit); });
  });
  BatchReceiver& receiver = *session.channel.receiver;
  std::vector<std::unique_ptr<Watchdog>> watches;
  ChannelControl& control = *session.channel.control;
  on_channel(control, receiver, outcome, [&] {
    watches = watch_data_ranks(world, session);
    world.start_is_over();
    say(multi_gpu_banner(session.plan.devices.data.name(), session.plan.devices.model.name(),
                         session.plan.buffer.batches));
    say(waiting_message(session.plan.options.model_start_delay));
    unless_alone(feeds, [&] {
      const StageRange range(session.timeline.lane(), stage::kStartDelay);
      world.sleep_until(Clock::now() + from_seconds(session.plan.options.model_start_delay), stop_requested);
    });
    await_first_batch(session);
    say(training_starts());
    train(session, *learner, outcome, limit);
  });
  receiver.close();
  for (const Feed& feed : feeds) feed.failover->disarm();
  for (const Feed& feed : feeds) feed.failover->finish(outcome);
  outcome.cannot_meet = any_accepted(feeds);
  control.join();
}

}  // namespace feedline

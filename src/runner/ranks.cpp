#include "ranks.hpp"

#include <feedline/common/stop.hpp>
#include <feedline/metrics/messages.hpp>

#include <cstdio>
#include <functional>
#include <memory>

namespace feedline {
namespace {

Prefetcher make_prefetcher(const Session& session) {
  const PrefetchOptions options{session.options.data.seed, session.workers, !session.options.num_workers,
                                session.options.order};
  return Prefetcher(session.schedule, session.data.train, session.data.val, *session.bad,
                    *session.channel.sender, options);
}

/// What the data side did, for the report.
void note_input(const Prefetcher& prefetcher, const Session& session, Outcome& outcome) {
  outcome.input = prefetcher.stats();
  outcome.bad = session.bad->counts();
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
  return learner;
}

void train(Session& session, Learner& learner, Outcome& outcome) {
  Progress progress(stdout, output_is_terminal());
  Trainer trainer(learner, *session.channel.receiver, session.schedule, session.options.train, progress,
                  stop_requested);
  capture(outcome, [&] { trainer.run(); });
  outcome.training = trainer.report();
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

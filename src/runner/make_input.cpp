#include "make_input.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

namespace feedline {
namespace {

/// What the fault plan does to a batch that is complete: to its bytes, and to this process.
void make_faults(const FaultPlan& faults, int rank, const Slot& batch) {
  const std::uint64_t number = batch.header().sequence + 1;
  if (faults.flips(number) && batch.header().count > 0) batch.row(0, 0)[0] ^= std::byte{1};
  faults.after_batch(rank, number);
}

std::optional<std::filesystem::path> bad_samples_list(const Options& options, int data_rank) {
  const std::string name =
      data_rank == 0 ? "bad_samples.jsonl" : fmt::format("bad_samples.rank{}.jsonl", data_rank);
  if (options.checkpoints.folder) return *options.checkpoints.folder / name;
  std::error_code ignored;
  if (!options.summary || (std::filesystem::exists(*options.summary, ignored) &&
                           !std::filesystem::is_regular_file(*options.summary, ignored)))
    return std::nullopt;
  return options.summary->parent_path() / name;
}

}  // namespace

PrefetchOptions prefetch_options(const Session& session) {
  PrefetchOptions options;
  options.seed = session.plan.options.data.seed;
  options.workers = session.own_workers;
  options.tune = !session.plan.options.num_workers;
  options.order = session.plan.options.order;
  options.trace = session.timeline.trace();
  return options;
}

BadSampleOptions bad_sample_options(const Options& options, int data_rank, bool go_on) {
  return {.policy = options.data.bad_samples,
          .list = bad_samples_list(options, data_rank),
          .go_on = go_on,
          .most_share = options.data.max_bad};
}

std::unique_ptr<InputPipeline> make_input(const Session& session) {
  const Feed& feed = session.feeds.front();
  InputOptions options{
      prefetch_options(session),
      bad_sample_options(session.plan.options, feed.data_rank, session.checkpoints.resumed.has_value())};
  if (!session.plan.roles.single && !session.faults.empty()) {
    options.prefetch.before_publish = [&session, rank = feed.data_rank](const Slot& batch) {
      make_faults(session.faults, rank, batch);
    };
  }
  return std::make_unique<InputPipeline>(session.data, feed.part, *session.channel.sender, options);
}

}  // namespace feedline

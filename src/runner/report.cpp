#include "report.hpp"

#include <feedline/common/resources.hpp>

#include <algorithm>
#include <limits>

namespace feedline {
namespace {

void describe_session(Summary& summary, const Session& session) {
  summary.mode = session.plan.roles.single ? "single" : "multi";
  summary.world.data_ranks = session.plan.roles.data_ranks;
  summary.world.model_ranks = 1;
  summary.data_device = session.plan.devices.data.name();
  summary.model_device = session.plan.devices.model.name();
  summary.transport = name_of(session.channel.transport);
  summary.task = task_name(session.plan.data_info.task);
  summary.input.workers = session.plan.workers;
  summary.input.buffer_batches = session.plan.buffer.batches;
  summary.input.buffer_bytes = session.plan.buffer.bytes;
}

void describe_training(Summary& summary, const TrainReport& training, Clock::time_point program_start) {
  summary.epochs = training.epochs;
  summary.steps = training.steps;
  summary.samples = training.samples;
  if (training.first_step) summary.startup_s = to_seconds(*training.first_step - program_start);
  summary.wall_s = training.timer.wall_s();
  summary.step_s = training.timer.step_s();
  summary.data_wait_s = training.timer.data_wait_s();
  summary.val_s = training.timer.val_s();
  summary.checkpoint_s = training.timer.checkpoint_s();
  summary.bad_replaced = training.bad.replaced;
  summary.bad_skipped = training.bad.skipped;
  summary.busy = training.timer.busy();
  if (summary.wall_s > 0) summary.samples_per_s = static_cast<double>(training.samples) / summary.wall_s;
  if (training.occupancy_count > 0) {
    summary.input.occupancy_mean = training.occupancy_sum / static_cast<double>(training.occupancy_count);
    summary.input.occupancy_min = training.occupancy_min;
  }
  summary.loss = {training.first_loss, training.last_loss};
  summary.val_loss = training.val.loss;
  summary.val_metrics = training.val.metrics;
  summary.sample_digest = training.sample_digest.value();
  summary.loss_digest = training.loss_digest.value();
}

void describe_ranks(Summary& summary, const std::vector<RankReport>& reports) {
  int data_ranks = 0;
  double slowest = std::numeric_limits<double>::infinity();
  for (const RankReport& report : reports) {
    summary.gpu_bytes += report.gpu_bytes;
    if (!report.prepared_data) continue;
    summary.link.copy_s += report.link_device.copies;
    summary.link.transfer_s += report.link_device.transfers;
    summary.link.both_s += report.link_device.both;
    if (data_ranks++ == 0) summary.first_batch_s = report.first_batch_s;  // rank 0 has the first batch
    slowest = std::min(slowest, report.input_samples_per_s);
    summary.input.mean_active += report.mean_active;
    summary.input.cache_bytes += report.cache_bytes;
    summary.input.cache_hits += report.cache_hits;
    summary.link.bytes += report.link_bytes;
    // Where batches stay in place nothing is under way: then it is what was handed over while training ran.
    const double seconds = report.link_seconds > 0 ? report.link_seconds : summary.wall_s;
    if (seconds > 0) summary.link.gbytes_per_s += static_cast<double>(report.link_bytes) / seconds * 1e-9;
    summary.peak_rss_data = std::max(summary.peak_rss_data, report.peak_rss);
  }
  if (data_ranks > 0) summary.input.samples_per_s = data_ranks * slowest;  // they take turns
  summary.peak_rss_model = peak_rss();
}

}  // namespace

RankReport make_rank_report(const Outcome& outcome, Clock::time_point program_start, bool prepared_data) {
  RankReport report;
  report.code = outcome.code;
  report.message = outcome.message;
  report.prepared_data = prepared_data;
  if (outcome.input.workers.first_batch)
    report.first_batch_s = to_seconds(*outcome.input.workers.first_batch - program_start);
  report.input_samples_per_s = outcome.input.workers.samples_per_s();
  report.mean_active = outcome.input.workers.mean_active;
  const StageTimes& stages = outcome.input.stages;
  const double all_s = stages.read_s + stages.decode_s + stages.transform_s;
  if (all_s > 0) report.read_share = stages.read_s / all_s;
  report.cache_bytes = outcome.input.cache.bytes;
  report.cache_hits = outcome.input.cache.hits;
  report.link_bytes = outcome.link.bytes;
  report.link_seconds = outcome.link.seconds;
  report.link_device = outcome.link.device;
  report.gpu_bytes = outcome.gpu_bytes;
  report.peak_rss = peak_rss();
  return report;
}

Summary make_summary(const std::optional<Session>& session, const World* world, const Outcome& outcome,
                     const std::vector<RankReport>& reports, Clock::time_point program_start) {
  Summary summary;
  if (session) describe_session(summary, *session);
  if (world != nullptr) summary.world.nodes = world->topology().nodes();
  summary.model = outcome.model_name;
  summary.parameters = outcome.parameters;
  describe_training(summary, outcome.training, program_start);
  describe_ranks(summary, reports);
  if (outcome.code != ExitCode::kDone) summary.exit = outcome.message;
  return summary;
}

}  // namespace feedline

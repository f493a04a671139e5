#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/loader/loader_plan.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace feedline {
namespace {

/// The chosen split as the training set: the stream has no other.
DataSplits chosen_split(DataSplits data, const LoaderOptions& options) {
  if (options.split == Split::kVal) {
    if (data.val->size() == 0)
      throw UsageError("There is no validation data. Give --val-data or a --val-fraction above 0.");
    data.train = data.val;
    data.info.train_size = data.info.val_size;
    for (BucketInfo& each : data.info.buckets) each.train = each.val;
  }
  for (BucketInfo& each : data.info.buckets) each.val = 0;
  return data;
}

ScheduleOptions schedule_options(const LoaderOptions& options, const DataInfo& info) {
  ScheduleOptions schedule;
  schedule.buckets = bucket_counts(info);
  schedule.seed = options.data.seed;
  schedule.epochs = options.epochs.value_or(kEndlessEpochs);
  schedule.drop_last = options.drop_last;
  schedule.shuffle = options.shuffle;
  return schedule;
}

/// The batches that are left.
BatchSchedule make_schedule(const LoaderOptions& options, const DataInfo& info) {
  const ScheduleOptions schedule = schedule_options(options, info);
  const BatchSchedule whole(schedule);
  const std::uint64_t done = options.first_batch;
  if (done > whole.size())
    throw UsageError(
        fmt::format("{} batches are said to be done, and the stream has {}: other data, or other settings.",
                    done, whole.size()));
  return BatchSchedule(schedule, {done, static_cast<std::uint32_t>(done / whole.train_batches(0))});
}

std::uint64_t samples_of_epoch(const BatchSchedule& schedule, const DataInfo& info) {
  if (!schedule.options().drop_last) return info.train_size;
  std::uint64_t samples = 0;
  for (std::uint32_t batch = 0; batch < schedule.train_batches(0); ++batch)
    samples += schedule.step_samples(0, batch);
  return samples;
}

InputOptions input_options(const LoaderOptions& options, const DataInfo& info) {
  InputOptions input;
  input.prefetch.seed = options.data.seed;
  input.prefetch.workers = options.workers.value_or(usable_cores());
  input.prefetch.tune = !options.workers;
  input.prefetch.order = order_for(options.order, info);
  input.prefetch.shuffle = options.shuffle;
  input.bad = {
      .policy = options.data.bad_samples, .samples = info.train_size, .most_share = options.data.max_bad};
  return input;
}

/// The ranges that flags have, for options that come from a program.
void check_options(const LoaderOptions& options) {
  const auto refuse = [](const char* what) {
    throw UsageError(fmt::format("LoaderOptions: {} is not allowed.", what));
  };
  if (options.data.batch_size < 1) refuse("a batch_size of 0");
  if (options.epochs && *options.epochs < 1) refuse("0 epochs");
  if (options.workers && *options.workers < 1) refuse("fewer than one worker");
  if (options.buffer_size < 1) refuse("a buffer_size of 0");
  if (options.data.image_size && *options.data.image_size < 8) refuse("an image_size below 8");
  if (!(options.data.val_fraction >= 0 && options.data.val_fraction < 1))
    refuse("a val_fraction that is not from 0 to below 1");
  if (!(options.data.max_bad >= 0 && options.data.max_bad <= 1)) refuse("a max_bad that is not from 0 to 1");
}

}  // namespace

LoaderPlan plan_loader(const LoaderOptions& options) {
  check_options(options);
  DataSplits both = open_data(options.data);
  const std::uint64_t train_size = both.info.train_size, val_size = both.info.val_size;
  DataSplits data = chosen_split(std::move(both), options);
  const DataInfo& info = data.info;
  BatchSchedule schedule = make_schedule(options, info);
  const std::uint64_t free = available_memory();
  BufferPlan buffer = plan_buffer(prepared_spec_of(data), options.buffer_size, options.buffer_bytes,
                                  free - std::min(free, data.cache_budget));
  if (!buffer.note.empty()) log_info(buffer.note);
  return {.data = data,
          .schedule = schedule,
          .buffer = buffer,
          .input = input_options(options, info),
          .samples = samples_of_epoch(schedule, info),
          .train_size = train_size,
          .val_size = val_size};
}

}  // namespace feedline

#include "val_stream.hpp"

#include <feedline/common/resources.hpp>

namespace feedline {
namespace {

constexpr std::size_t kDepth = 8;

/// The batches of a run whose training is over and whose last validation is not.
BatchSchedule validation_of(const Options& options, const DataInfo& info) {
  ScheduleOptions schedule;
  for (const BucketInfo& each : info.buckets) schedule.buckets.push_back({each.shape.capacity, 0, each.val});
  schedule.buckets.back().train = 1;
  schedule.seed = options.data.seed;
  return BatchSchedule(schedule, {.steps = 1, .epochs = 0});
}

}  // namespace

LoaderPlan plan_validation(const Options& options, const DatasetPtr& set, const DataInfo& info,
                           BadSamplePolicy bad_samples) {
  DataSplits data;
  data.train = data.val = set;
  data.info = info;
  InputOptions input;
  input.prefetch.seed = options.data.seed;
  input.prefetch.workers = options.num_workers.value_or(usable_cores());
  input.bad = {.policy = bad_samples, .samples = info.val_size, .most_share = options.data.max_bad};
  return {.data = data,
          .schedule = validation_of(options, info),
          .buffer = {.batches = kDepth, .bytes = 0, .note = {}},
          .input = input};
}

}  // namespace feedline

#include "schedule_of.hpp"

#include <feedline/pipeline/input_pipeline.hpp>

namespace feedline {

ScheduleOptions schedule_of(const Options& options, const DataInfo& info) {
  ScheduleOptions schedule;
  schedule.buckets = bucket_counts(info);
  schedule.seed = options.data.seed;
  schedule.epochs = options.epochs;
  schedule.grad_accum = options.grad_accum;
  schedule.drop_last = options.drop_last;
  schedule.max_steps = options.max_steps;
  return schedule;
}

}  // namespace feedline

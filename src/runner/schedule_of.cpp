#include "schedule_of.hpp"

namespace feedline {

ScheduleOptions schedule_of(const Options& options, const DataInfo& info) {
  ScheduleOptions schedule;
  for (const BucketInfo& each : info.buckets)
    schedule.buckets.push_back({each.shape.capacity, each.train, each.val});
  schedule.seed = options.data.seed;
  schedule.epochs = options.epochs;
  schedule.grad_accum = options.grad_accum;
  schedule.drop_last = options.drop_last;
  schedule.max_steps = options.max_steps;
  return schedule;
}

Order order_of(const Options& options, const DataInfo& info) noexcept {
  return info.buckets.size() > 1 ? Order::kStrict : options.order;
}

}  // namespace feedline

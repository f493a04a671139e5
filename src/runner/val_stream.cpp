#include "val_stream.hpp"

#include "schedule_of.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/pipeline/prefetcher.hpp>
#include <feedline/transport/local.hpp>

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

void for_each_val_batch(const Options& options, const DatasetPtr& set, const DataInfo& info, BadSamples& bad,
                        const std::function<void(const Slot&)>& use) {
  const BatchSchedule schedule = validation_of(options, info);
  const auto ring = make_local_ring(batch_spec_of(info), kDepth);
  RingSender sender(ring);
  RingReceiver receiver(ring);
  PrefetchOptions prefetch;
  prefetch.seed = options.data.seed;
  prefetch.workers = options.num_workers.value_or(usable_cores());
  Prefetcher prefetcher(schedule, set, set, bad, sender, prefetch);
  prefetcher.start();
  try {
    while (const BatchLease batch = receiver.receive()) use(*batch);
  } catch (const RemoteError&) {
    prefetcher.wait();  // throws what it was
    throw;
  }
  prefetcher.wait();
}

}  // namespace feedline

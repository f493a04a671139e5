#include <feedline/pipeline/input_pipeline.hpp>

#include <utility>

namespace feedline {
namespace {

PrefetchOptions prefetch_options(PrefetchOptions options, const DataInfo& info) {
  options.order = order_for(options.order, info);
  return options;
}

}  // namespace

InputFigures& operator+=(InputFigures& sum, const InputFigures& part) {
  sum.workers.workers += part.workers.workers;
  sum.workers.samples += part.workers.samples;
  sum.workers.busy_s += part.workers.busy_s;
  sum.workers.mean_active += part.workers.mean_active;
  const auto& first = part.workers.first_batch;
  if (first && (!sum.workers.first_batch || *first < *sum.workers.first_batch))
    sum.workers.first_batch = first;
  sum.stages.samples += part.stages.samples;
  sum.stages.read_s += part.stages.read_s;
  sum.stages.decode_s += part.stages.decode_s;
  sum.stages.transform_s += part.stages.transform_s;
  sum.cache.bytes += part.cache.bytes;
  sum.cache.hits += part.cache.hits;
  sum.bad.replaced += part.bad.replaced;
  sum.bad.skipped += part.bad.skipped;
  sum.bad.files += part.bad.files;
  return sum;
}

InputPipeline::InputPipeline(DataSplits data, BatchSchedule schedule, BatchSender& sender,
                             const InputOptions& options)
    : data_(std::move(data)),
      schedule_(std::move(schedule)),
      bad_(options.bad.policy, options.bad.samples.value_or(data_.info.train_size + data_.info.val_size),
           options.bad.list, options.bad.go_on, options.bad.most_share),
      prefetcher_(schedule_, data_.train, data_.val, bad_, sender,
                  prefetch_options(options.prefetch, data_.info)) {}

InputFigures InputPipeline::figures() const {
  InputFigures figures{prefetcher_.stats(), stages_of(*data_.train), cache_of(*data_.train), bad_.counts()};
  const CacheStats val = cache_of(*data_.val);
  if (val.bytes != figures.cache.bytes || val.hits != figures.cache.hits) {  // a cache of its own
    figures.cache.bytes += val.bytes;
    figures.cache.hits += val.hits;
  }
  return figures;
}

std::vector<BucketCounts> bucket_counts(const DataInfo& info) {
  std::vector<BucketCounts> counts;
  for (const BucketInfo& each : info.buckets) counts.push_back({each.shape.capacity, each.train, each.val});
  return counts;
}

Order order_for(Order asked, const DataInfo& info) noexcept {
  return info.buckets.size() > 1 ? Order::kStrict : asked;
}

}  // namespace feedline

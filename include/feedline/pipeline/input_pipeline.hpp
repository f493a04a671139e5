#pragma once

#include <feedline/data/bad_samples.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/pipeline/prefetcher.hpp>
#include <feedline/transport/channel.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// The settings for bad samples; see BadSamples.
struct BadSampleOptions {
  BadSamplePolicy policy = BadSamplePolicy::kReplace;
  std::optional<std::uint64_t> samples{};  ///< Samples that bad ones are a share of; empty: all of both sets
  std::optional<std::filesystem::path> list{};
  bool go_on = false;
  double most_share = BadSamples::kMostShare;
};

/// The settings of an input pipeline.
struct InputOptions {
  PrefetchOptions prefetch;
  BadSampleOptions bad;
};

/// Totals of an input pipeline so far.
struct InputFigures {
  InputStats workers;
  StageTimes stages;
  CacheStats cache;
  BadSamples::Counts bad;
};

/// Adds up the figures of pipelines that worked side by side.
InputFigures& operator+=(InputFigures& sum, const InputFigures& part);

/// The input side of a run: data sets, bad samples and the workers that fill a sender's slots with the
/// batches of a schedule. All that prepares batches is one of these: a single rank, a data rank, a model rank
/// that took over, a probe, an evaluation, and Loader for other programs.
///
/// Thread rule: that of Prefetcher.
class InputPipeline {
 public:
  /// `sender` must outlive the pipeline; its spec is that of the batches that the sets make.
  InputPipeline(DataSplits data, BatchSchedule schedule, BatchSender& sender, const InputOptions& options);

  void start() { prefetcher_.start(); }

  /// Blocks until every batch is published or no more are wanted. Rethrows a worker's error.
  void wait() { prefetcher_.wait(); }

  /// Wakes and ends the workers. Any thread.
  void stop() noexcept { prefetcher_.stop(); }

  /// The number of workers active now. Any thread.
  int active_workers() const noexcept { return prefetcher_.active_workers(); }

  const DataSplits& data() const noexcept { return data_; }
  const BatchSchedule& schedule() const noexcept { return schedule_; }

  /// Any thread, also while the workers run.
  InputFigures figures() const;

  /// The bad samples so far. Any thread.
  const BadSamples& bad() const noexcept { return bad_; }

 private:
  DataSplits data_;
  BatchSchedule schedule_;
  BadSamples bad_;
  Prefetcher prefetcher_;
};

/// The rows of each bucket's batches, and its samples.
std::vector<BucketCounts> bucket_counts(const DataInfo& info);

/// The order in which samples land in batches: `asked`, or kStrict where there are several buckets. kReady
/// fills a batch with whichever sample is next, which may not fit into it.
Order order_for(Order asked, const DataInfo& info) noexcept;

}  // namespace feedline

#include <feedline/batch/sample_spans.hpp>
#include <feedline/metrics/stage_range.hpp>
#include <feedline/pipeline/prefetcher.hpp>

#include <algorithm>
#include <cstring>
#include <span>

namespace feedline {
namespace {

/// Samples per worker between the one that is loaded and the one that the storage is asked to read ahead.
constexpr std::uint64_t kReadAhead = 16;

/// Returns the number of tensors, which is the same in all buckets.
std::size_t tensor_count(const BatchSpec& spec) {
  return spec.layout().tensors().size();
}

}  // namespace

void Prefetcher::work(int worker) noexcept {
  WorkerStats& stats = worker_stats_[static_cast<std::size_t>(worker)];
  try {
    std::vector<std::byte> memory(options_.order == Order::kReady ? sender_.spec().most_sample_bytes() : 0);
    bool more = true;
    while (more) {
      wait_until_active(worker, stats.lane);
      more = options_.order == Order::kStrict ? work_strict(stats) : work_ready(stats, memory);
    }
  } catch (...) {
    keep_error(std::current_exception());
    stop();
  }
}

/// Blocks while fewer workers are wanted. The caller holds no sample.
void Prefetcher::wait_until_active(int worker, TraceLane* lane) {
  int active = active_.load(std::memory_order_acquire);
  if (worker < active) return;
  const StageRange range(lane, stage::kParked);
  while (worker >= active) {
    active_.wait(active, std::memory_order_acquire);
    active = active_.load(std::memory_order_acquire);
  }
}

/// Loads one sample directly into its row; returns false when there are no more.
bool Prefetcher::work_strict(WorkerStats& stats) {
  const auto claim = assembler_.claim(stats.lane);
  if (!claim) return false;
  const SampleSpans spans = spans_in(claim->slot, claim->row);
  complete(*claim, load(claim->plan, claim->row, std::span(spans).first(tensor_count(sender_.spec())), stats),
           stats.lane);
  return true;
}

/// Loads one sample into `memory`, and copies it from there into the row that is next when it is done;
/// returns false when there are no more.
bool Prefetcher::work_ready(WorkerStats& stats, std::span<std::byte> memory) {
  const auto sample = ready_.claim();
  if (!sample) return false;
  const std::size_t tensors = tensor_count(sender_.spec());
  const SampleSpans from = spans_in(memory, sender_.spec().layout(sample->plan.info.bucket).tensors());
  const LoadedRow loaded = load(sample->plan, sample->row, std::span(from).first(tensors), stats);
  const ReadyOrder::Row row = ready_.finish(*sample);
  const auto claim = assembler_.take(row.plan, row.row, stats.lane);
  if (!claim) return false;
  if (loaded.shown) {
    const SampleSpans to = spans_in(claim->slot, claim->row);
    for (std::size_t i = 0; i < tensors; ++i) std::memcpy(to[i].data(), from[i].data(), from[i].size());
  }
  complete(*claim, loaded, stats.lane);
  return true;
}

/// Loads the sample that strict order has in `row` of `plan`, or its replacement.
LoadedRow Prefetcher::load(const BatchPlan& plan, std::uint32_t row, SampleView spans, WorkerStats& stats) {
  const std::uint64_t position = plan.first_position + row;
  hint(plan, position);
  const auto begin = Clock::now();
  const std::uint64_t id = filler_.id_at(plan, position);
  StageRange range(stats.lane, stage::kSample, filler_.dataset(plan.info.split).sample_id(id),
                   plan.info.sequence);
  const LoadedRow loaded = filler_.load(plan, id, spans, stats.lane);
  range.end();
  const auto spent = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin);
  stats.busy_ns.fetch_add(spent.count(), std::memory_order_relaxed);
  stats.samples.fetch_add(1, std::memory_order_relaxed);
  return loaded;
}

/// Informs the data set which sample is wanted soon, and whether there is time for more than the samples
/// wanted now.
void Prefetcher::hint(const BatchPlan& plan, std::uint64_t position) {
  const SampleLoader& loader = filler_.loader_of(plan.info.split);
  const StorageHints* hints = loader.parts().hints;
  const std::uint64_t soon = position + kReadAhead * worker_stats_.size();
  if (hints != nullptr && sender_.spec().shapes() == 1 && soon < loader.dataset().size())
    hints->read_ahead(filler_.id_at(plan, soon));

  // When the consumer waits for every single batch, the input is the slower side in any case, and only work
  // that pays later changes that.
  const bool spare = sender_.waiting() * 2 >= sender_.depth() || assembler_.starving();
  if (spare_time_.exchange(spare, std::memory_order_relaxed) == spare) return;
  for (const Split split : {Split::kTrain, Split::kVal})
    if (const CacheControl* cache = filler_.loader_of(split).parts().cache) cache->set_spare_time(spare);
}

/// Makes a batch again, with the same samples as the first time.
void Prefetcher::make_again(std::uint64_t sequence, const Slot& slot) {
  const StageRange range(resending_lane_, stage::kMakeAgain, sequence);
  const BatchPlan plan = schedule_.plan(sequence);
  filler_.fill(slot, plan, sequence < options_.first ? filler_.ids_of(plan) : wanted_ids(sequence),
               resending_lane_);
}

void Prefetcher::complete(const Claim& claim, const LoadedRow& loaded, TraceLane* lane) {
  filler_.note(claim.slot, claim.row, loaded);
  if (resender_ != nullptr) wanted_ids(claim.plan.info.sequence)[claim.row] = loaded.wanted;
  const bool first_was_published = assembler_.published() > options_.first;
  assembler_.complete(claim, loaded.shown.has_value(), lane);
  if (first_was_published || assembler_.published() == options_.first) return;
  const std::lock_guard lock(mutex_);
  if (!first_batch_) first_batch_ = Clock::now();
}

}  // namespace feedline

#include <feedline/batch/sample_places.hpp>
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

/// Returns the places of a sample's tensors in its slot.
SamplePlaces places_in(const Slot& slot, std::uint32_t row) {
  SamplePlaces places;
  for (std::size_t i = 0; i < tensor_count(slot.spec()); ++i) places[i] = slot.row(i, row);
  return places;
}

}  // namespace

void Prefetcher::work(int worker) noexcept {
  WorkerStats& stats = worker_stats_[static_cast<std::size_t>(worker)];
  try {
    std::vector<std::byte> row(options_.order == Order::kReady ? sender_.spec().most_sample_bytes() : 0);
    bool more = true;
    while (more) {
      wait_until_active(worker, stats.lane);
      more = options_.order == Order::kStrict ? work_strict(stats) : work_ready(stats, row);
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

/// Loads one sample directly into its place; returns false when there are no more.
bool Prefetcher::work_strict(WorkerStats& stats) {
  const auto claim = assembler_.claim(stats.lane);
  if (!claim) return false;
  const SamplePlaces places = places_in(claim->slot, claim->row);
  publish(*claim, load(claim->plan, claim->row, std::span(places).first(tensor_count(sender_.spec())), stats),
          stats.lane);
  return true;
}

/// Loads one sample into `row`, and copies it from there into the row that is next when it is done; returns
/// false when there are no more.
bool Prefetcher::work_ready(WorkerStats& stats, std::span<std::byte> row) {
  const auto sample = ready_.claim();
  if (!sample) return false;
  const std::size_t tensors = tensor_count(sender_.spec());
  const SamplePlaces from = places_in(row, sender_.spec().layout(sample->plan.info.bucket).tensors());
  const Loaded loaded = load(sample->plan, sample->row, std::span(from).first(tensors), stats);
  const ReadyOrder::Place place = ready_.finish(*sample);
  const auto claim = assembler_.take(place.plan, place.row, stats.lane);
  if (!claim) return false;
  if (loaded.shown) {
    const SamplePlaces to = places_in(claim->slot, claim->row);
    for (std::size_t i = 0; i < tensors; ++i) std::memcpy(to[i].data(), from[i].data(), from[i].size());
  }
  publish(*claim, loaded, stats.lane);
  return true;
}

std::uint64_t Prefetcher::id_of(const BatchPlan& plan, std::uint64_t position) const {
  const bool train = plan.info.split == Split::kTrain;
  return loader_of(plan.info.split)
      .dataset()
      .bucket_order_to_id(train ? sampler_(plan.info.epoch, position) : position);
}

/// Loads the sample that strict order has in `row` of `plan`, or its replacement.
Prefetcher::Loaded Prefetcher::load(const BatchPlan& plan, std::uint32_t row, Places places,
                                    WorkerStats& stats) {
  const std::uint64_t position = plan.first_position + row;
  hint(plan, position);
  const auto begin = Clock::now();
  const SampleLoader& loader = loader_of(plan.info.split);
  const std::uint64_t wanted = id_of(plan, position);
  StageRange range(stats.lane, stage::kSample, loader.dataset().sample_id(wanted), plan.info.sequence);
  const Loaded loaded{wanted, loader.load({options_.seed, plan.info.epoch, wanted, stats.lane}, places)};
  range.end();
  const auto spent = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin);
  stats.busy_ns.fetch_add(spent.count(), std::memory_order_relaxed);
  stats.samples.fetch_add(1, std::memory_order_relaxed);
  return loaded;
}

/// Informs the data set which sample is wanted soon, and whether there is time for more than the samples
/// wanted now.
void Prefetcher::hint(const BatchPlan& plan, std::uint64_t position) {
  const Dataset& dataset = loader_of(plan.info.split).dataset();
  const std::uint64_t soon = position + kReadAhead * worker_stats_.size();
  if (sender_.spec().shapes() == 1 && soon < dataset.size()) dataset.read_ahead(id_of(plan, soon));

  // When the consumer waits for every single batch, the input is the slower side in any case, and only work
  // that pays later changes that.
  const bool spare = sender_.waiting() * 2 >= sender_.depth() || assembler_.starving();
  if (spare_time_.exchange(spare, std::memory_order_relaxed) == spare) return;
  train_.dataset().set_spare_time(spare);
  val_.dataset().set_spare_time(spare);
}

/// Makes a batch again, with the same bytes as the first time: a sample and its replacement are functions of
/// (seed, epoch, id).
void Prefetcher::make_again(std::uint64_t sequence, const Slot& slot) {
  const StageRange range(resending_lane_, stage::kMakeAgain, sequence);
  const BatchPlan plan = schedule_.plan(sequence);
  std::vector<std::uint8_t> dropped(plan.info.count, 0);
  slot.begin(plan.info);
  for (std::uint32_t row = 0; row < plan.info.count; ++row) {
    const std::uint64_t wanted =
        sequence < options_.first ? id_of(plan, plan.first_position + row) : wanted_ids(sequence)[row];
    const SamplePlaces places = places_in(slot, row);
    const Loaded loaded{wanted, loader_of(plan.info.split)
                                    .load({options_.seed, plan.info.epoch, wanted, resending_lane_},
                                          std::span(places).first(tensor_count(slot.spec())))};
    note(slot, row, loaded);
    if (!loaded.shown) dropped[row] = 1;
  }
  slot.drop_rows(dropped);
  slot.seal(checks_);
}

/// Writes the id and the note of the row into the slot, and its checksum.
void Prefetcher::note(const Slot& slot, std::uint32_t row, const Loaded& loaded) const {
  const Dataset& dataset = loader_of(slot.header().split).dataset();
  if (loaded.shown) slot.sample_ids()[row] = dataset.sample_id(*loaded.shown);
  if (loaded.shown != loaded.wanted) slot.notes()[row].bad_id = dataset.sample_id(loaded.wanted);
  if (checks_ != ChecksumKind::kNone) slot.check_row(row, checks_);  // while its bytes are still in the cache
}

void Prefetcher::publish(const Claim& claim, const Loaded& loaded, TraceLane* lane) {
  note(claim.slot, claim.row, loaded);
  if (resender_ != nullptr) wanted_ids(claim.plan.info.sequence)[claim.row] = loaded.wanted;
  const bool first_was_published = assembler_.published() > options_.first;
  assembler_.complete(claim, loaded.shown.has_value(), lane);
  if (first_was_published || assembler_.published() == options_.first) return;
  const std::lock_guard lock(mutex_);
  if (!first_batch_) first_batch_ = Clock::now();
}

}  // namespace feedline

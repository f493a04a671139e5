#include <feedline/common/errors.hpp>
#include <feedline/pipeline/prefetcher.hpp>

#include <array>
#include <span>
#include <utility>

namespace feedline {
namespace {

/// Samples that are asked of the storage before they are read, for each worker.
constexpr std::uint64_t kReadAhead = 16;

}  // namespace

Prefetcher::Prefetcher(const BatchSchedule& schedule, DatasetPtr train, DatasetPtr val, std::uint64_t seed,
                       BadSamples& bad, BatchSender& sender, int workers)
    : schedule_(schedule),
      train_(std::move(train), bad),
      val_(std::move(val), bad),
      seed_(seed),
      sampler_(train_.dataset().size(), seed),
      sender_(sender),
      assembler_(schedule, sender),
      worker_stats_(static_cast<std::size_t>(workers)) {
  ensure(train_.dataset().tensors() == sender.spec().tensors(),
         "the data set's tensors are not the channel's");
  ensure(val_.dataset().size() == 0 || val_.dataset().tensors() == sender.spec().tensors(),
         "validation and training differ in their tensors");
}

Prefetcher::~Prefetcher() {
  stop();
  for (std::thread& worker : workers_) {
    if (worker.joinable()) worker.join();
  }
}

void Prefetcher::start() {
  running_.store(static_cast<int>(worker_stats_.size()), std::memory_order_relaxed);
  for (WorkerStats& stats : worker_stats_) {
    workers_.emplace_back([this, &stats] {
      work(stats);
      if (running_.fetch_sub(1, std::memory_order_acq_rel) == 1) conclude();
    });
  }
}

void Prefetcher::wait() {
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
  const std::lock_guard lock(mutex_);
  if (error_) std::rethrow_exception(error_);
}

void Prefetcher::conclude() noexcept {
  const std::lock_guard lock(mutex_);
  try {
    if (error_) std::rethrow_exception(error_);
    sender_.finish();
  } catch (const Error& error) {
    sender_.fail({error.code(), error.what()});
  } catch (const std::exception& error) {
    sender_.fail({ExitCode::kInternal, error.what()});
  } catch (...) {
    sender_.fail({ExitCode::kInternal, "A worker failed without saying why."});
  }
}

InputStats Prefetcher::stats() const {
  InputStats stats;
  stats.workers = static_cast<int>(worker_stats_.size());
  for (const WorkerStats& worker : worker_stats_) {
    stats.samples += worker.samples.load(std::memory_order_relaxed);
    stats.busy_s += static_cast<double>(worker.busy_ns.load(std::memory_order_relaxed)) * 1e-9;
  }
  const std::lock_guard lock(mutex_);
  stats.first_batch = first_batch_;
  return stats;
}

void Prefetcher::work(WorkerStats& stats) noexcept {
  try {
    while (const auto claim = assembler_.claim()) {
      const auto begin = Clock::now();
      const bool kept = load(*claim);
      const auto spent = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin);
      stats.busy_ns.fetch_add(spent.count(), std::memory_order_relaxed);
      stats.samples.fetch_add(1, std::memory_order_relaxed);
      const bool first_was_published = assembler_.published() > 0;
      assembler_.complete(*claim, kept);
      if (!first_was_published && assembler_.published() > 0) {
        const std::lock_guard lock(mutex_);
        if (!first_batch_) first_batch_ = Clock::now();
      }
    }
  } catch (...) {
    keep_error(std::current_exception());
    assembler_.cancel();
  }
}

/// Loads the claimed sample, or what takes its place, into its row; false when the row is to be left out.
bool Prefetcher::load(const Claim& claim) const {
  const bool train = claim.plan.info.split == Split::kTrain;
  const SampleLoader& loader = train ? train_ : val_;
  const std::uint64_t id = train ? sampler_.epoch(claim.plan.info.epoch)(claim.position()) : claim.position();
  std::array<std::span<std::byte>, kMaxTensors> places;
  const std::size_t count = claim.slot.spec().tensors().size();
  for (std::size_t i = 0; i < count; ++i) places[i] = claim.slot.row(i, claim.row);
  if (train) read_ahead(claim);
  const auto loaded = loader.load({seed_, claim.plan.info.epoch, id}, std::span(places).first(count));
  claim.slot.sample_ids()[claim.row] = loader.dataset().sample_id(loaded.value_or(id));
  return loaded.has_value();
}

void Prefetcher::read_ahead(const Claim& claim) const {
  const std::uint64_t position = claim.position() + kReadAhead * worker_stats_.size();
  const Permutation order = sampler_.epoch(claim.plan.info.epoch);
  if (position < order.size()) train_.dataset().read_ahead(order(position));
}

void Prefetcher::keep_error(std::exception_ptr error) noexcept {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
}

}  // namespace feedline

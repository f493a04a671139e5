#include <feedline/common/errors.hpp>
#include <feedline/pipeline/prefetcher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace feedline {
namespace {

/// Largest number of batches that may overtake a slow sample, if the ring is deep enough.
constexpr std::uint64_t kWindowBatches = 4;

constexpr std::chrono::milliseconds kBetweenLooks{100};
constexpr std::chrono::milliseconds kBetweenRequests{20};

/// Largest number of batches that the receiver holds while the sender's ring is full of others.
constexpr std::size_t kUnderWay = 64;

}  // namespace

Prefetcher::Prefetcher(const BatchSchedule& schedule, DatasetPtr train, DatasetPtr val, BadSamples& bad,
                       BatchSender& sender, const PrefetchOptions& options)
    : schedule_(schedule),
      filler_(std::move(train), std::move(val), bad, options.seed, sender.checks(), options.shuffle),
      options_(options),
      sender_(sender),
      resender_(sender.resender()),
      assembler_(schedule, sender, options.first, options.before_publish),
      ready_(schedule, std::min<std::uint64_t>(sender.depth(), kWindowBatches) * sender.spec().capacity(),
             options.first),
      wanted_(resender_ != nullptr ? sender.depth() + kUnderWay : 0,
              std::vector<std::uint64_t>(sender.spec().capacity())),
      worker_stats_(static_cast<std::size_t>(options.workers)),
      active_(options.workers) {
  const auto& largest = sender.spec().layout(sender.spec().shapes() - 1).tensors();
  const Dataset& training = filler_.dataset(Split::kTrain);
  const Dataset& validation = filler_.dataset(Split::kVal);
  ensure(training.tensors() == largest, "the data set's tensors are not the channel's");
  ensure(validation.size() == 0 || validation.tensors() == largest,
         "validation and training differ in their tensors");
}

Prefetcher::~Prefetcher() {
  stop();
  for (std::thread& worker : workers_) {
    if (worker.joinable()) worker.join();
  }
  if (tuner_.joinable()) tuner_.join();
  leaving_ = true;
  if (resending_.joinable()) resending_.join();
}

void Prefetcher::start() {
  running_.store(options_.workers, std::memory_order_relaxed);
  make_lanes();
  for (int worker = 0; worker < options_.workers; ++worker) {
    workers_.emplace_back([this, worker] {
      work(worker);
      wake_all();
      if (running_.fetch_sub(1, std::memory_order_acq_rel) == 1) conclude();
    });
  }
  if (resender_ != nullptr) resending_ = std::thread([this] { answer_requests(); });
  if (options_.tune && options_.workers > 1) tuner_ = std::thread([this] { tune(); });
}

void Prefetcher::make_lanes() {
  for (std::size_t worker = 0; worker < worker_stats_.size(); ++worker) {
    worker_stats_[worker].lane =
        lane_in(options_.trace, fmt::format("worker {}", worker), events_per_worker(options_.workers));
  }
  if (resender_ != nullptr) resending_lane_ = lane_in(options_.trace, "batches once more");
}

void Prefetcher::wait() {
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
  const std::lock_guard lock(mutex_);
  if (error_) std::rethrow_exception(error_);
}

void Prefetcher::stop() noexcept {
  assembler_.cancel();
  ready_.cancel();
  wake_all();
}

/// Ends the tuning and wakes all workers: a parked worker finds out by itself that no work is left.
void Prefetcher::wake_all() noexcept {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    active_.store(options_.workers, std::memory_order_release);
  }
  ended_.notify_all();
  active_.notify_all();
}

void Prefetcher::tune() {
  Autotuner tuner(options_.workers);
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, kBetweenLooks, [this] { return over_; })) {
    active_sum_ += tuner.active();
    ++looks_;
    const auto depth = static_cast<double>(sender_.depth());
    active_.store(tuner.look(static_cast<double>(sender_.waiting()) / depth), std::memory_order_release);
    active_.notify_all();
  }
}

void Prefetcher::answer_requests() noexcept {
  while (!leaving_.load()) {
    std::this_thread::sleep_for(kBetweenRequests);
    const auto sequence = resender_->resend_request();
    if (!sequence) continue;
    try {
      make_again(*sequence, resender_->resend_slot(*sequence));
      resender_->publish_resend();
    } catch (const std::exception& error) {
      sender_.fail({ExitCode::kInternal, error.what()});
      return;
    }
  }
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
  stats.workers = options_.workers;
  for (const WorkerStats& worker : worker_stats_) {
    stats.samples += worker.samples.load(std::memory_order_relaxed);
    stats.busy_s += static_cast<double>(worker.busy_ns.load(std::memory_order_relaxed)) * 1e-9;
  }
  const std::lock_guard lock(mutex_);
  stats.mean_active = looks_ > 0 ? active_sum_ / static_cast<double>(looks_) : options_.workers;
  stats.first_batch = first_batch_;
  return stats;
}

void Prefetcher::keep_error(std::exception_ptr error) noexcept {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
}

}  // namespace feedline

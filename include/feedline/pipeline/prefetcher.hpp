#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/metrics/trace.hpp>
#include <feedline/pipeline/autotuner.hpp>
#include <feedline/pipeline/batch_assembler.hpp>
#include <feedline/pipeline/batch_filler.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/pipeline/ready_order.hpp>
#include <feedline/transport/channel.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

namespace feedline {

/// Whether a batch waits for its slow samples, so that every run sees the same batches (kStrict), or takes
/// other samples in their place (kReady).
enum class Order { kStrict, kReady };

/// The settings for the preparation of samples.
struct PrefetchOptions {
  std::uint64_t seed = 0;
  int workers = 1;    ///< Number of threads
  bool tune = false;  ///< Fewer workers may be active when the consumer is the slower side
  Order order = Order::kStrict;
  bool shuffle = true;      ///< Training samples come in random order, another one in each epoch
  std::uint64_t first = 0;  ///< First batch to prepare: the sender already has those before it
  std::function<void(const Slot&)> before_publish{};  ///< See BatchAssembler
  Trace* trace = nullptr;  ///< Gets one lane per worker; must outlive the prefetcher
};

/// Totals of the workers' activity so far.
struct InputStats {
  int workers = 0;
  std::uint64_t samples = 0;  ///< Samples loaded into their slots, training and validation
  double busy_s = 0;          ///< Seconds summed over workers of loading, without waits for a slot
  double mean_active = 0;     ///< Active workers, mean over time
  std::optional<Clock::time_point> first_batch;  ///< Time when the first batch was published

  /// Samples per second with all workers loading; 0 before the first sample.
  double samples_per_s() const noexcept {
    return busy_s > 0 ? static_cast<double>(samples) * workers / busy_s : 0;
  }
};

/// Fills a sender's slots from data sets: worker threads claim sample after sample and load it in place, and
/// so fill the ring as far ahead as it is deep, across epochs. In strict order, the content of a batch
/// depends only on the seed and its place in the schedule. A batch that arrives damaged is made again, as
/// long as the prefetcher lives.
class Prefetcher {
 public:
  /// `schedule`, `bad` and `sender` must outlive the prefetcher. The tensors of both sets and of the sender
  /// must agree.
  Prefetcher(const BatchSchedule& schedule, DatasetPtr train, DatasetPtr val, BadSamples& bad,
             BatchSender& sender, const PrefetchOptions& options);
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  /// Stops the workers and joins them.
  ~Prefetcher();

  /// Starts the workers.
  void start();

  /// Blocks until every batch is published or no more are wanted. Rethrows a worker's error. The last worker
  /// has by then notified the receiver that the stream is finished or has failed.
  void wait();

  /// Wakes and ends the workers. Any thread.
  void stop() noexcept;

  /// The number of workers active now. Any thread.
  int active_workers() const noexcept { return active_.load(std::memory_order_relaxed); }

  /// Any thread, also while the workers run.
  InputStats stats() const;

 private:
  struct alignas(128) WorkerStats {
    std::atomic<std::uint64_t> samples{0};
    std::atomic<std::int64_t> busy_ns{0};
    TraceLane* lane = nullptr;
  };

  void make_lanes();
  void work(int worker) noexcept;
  bool work_strict(WorkerStats& stats);
  bool work_ready(WorkerStats& stats, std::span<std::byte> memory);
  void wait_until_active(int worker, TraceLane* lane);
  LoadedRow load(const BatchPlan& plan, std::uint32_t row, SampleView spans, WorkerStats& stats);
  void hint(const BatchPlan& plan, std::uint64_t position);
  void complete(const Claim& claim, const LoadedRow& loaded, TraceLane* lane);
  void tune();
  void make_again(std::uint64_t sequence, const Slot& slot);
  void answer_requests() noexcept;
  std::vector<std::uint64_t>& wanted_ids(std::uint64_t sequence) {
    return wanted_[sequence % wanted_.size()];
  }
  void wake_all() noexcept;
  void keep_error(std::exception_ptr error) noexcept;
  void conclude() noexcept;

  const BatchSchedule& schedule_;
  BatchFiller filler_;
  PrefetchOptions options_;
  BatchSender& sender_;
  Resender* const resender_;   ///< Null where the sender sends nothing twice
  BatchAssembler assembler_;
  ReadyOrder ready_;
  std::vector<std::vector<std::uint64_t>> wanted_;  ///< Ids intended for the rows of the last batches
  std::vector<WorkerStats> worker_stats_;
  std::vector<std::thread> workers_;
  std::thread tuner_;
  std::thread resending_;
  TraceLane* resending_lane_ = nullptr;
  std::atomic<bool> leaving_{false};
  std::atomic<int> running_{0};
  std::atomic<int> active_;
  std::atomic<bool> spare_time_{true};
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
  double active_sum_ = 0;
  std::uint64_t looks_ = 0;
  std::exception_ptr error_;
  std::optional<Clock::time_point> first_batch_;
};

}  // namespace feedline

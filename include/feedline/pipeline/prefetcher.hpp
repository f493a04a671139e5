#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/data/sample_loader.hpp>
#include <feedline/data/sampler.hpp>
#include <feedline/pipeline/batch_assembler.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/transport/channel.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace feedline {

/// What the workers did so far.
struct InputStats {
  int workers = 0;
  std::uint64_t samples = 0;                     ///< loaded into their slots, training and validation
  double busy_s = 0;                             ///< summed over workers: loading, not waiting for a slot
  std::optional<Clock::time_point> first_batch;  ///< when the first batch was published

  /// Samples a second with all workers loading; 0 before the first.
  double samples_per_s() const noexcept {
    return busy_s > 0 ? static_cast<double>(samples) * workers / busy_s : 0;
  }
};

/// From data sets into a sender's slots: worker threads that claim sample after sample, load it in place and
/// so fill the ring as far ahead as it is deep, across epochs. What a batch holds depends on nothing but the
/// seed and its place in the schedule.
class Prefetcher {
 public:
  /// `schedule`, `bad` and `sender` must outlive the prefetcher. Tensors of both sets and of the sender must
  /// agree.
  Prefetcher(const BatchSchedule& schedule, DatasetPtr train, DatasetPtr val, std::uint64_t seed,
             BadSamples& bad, BatchSender& sender, int workers);
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  /// Stops the workers and joins them.
  ~Prefetcher();

  /// Starts the workers.
  void start();

  /// Blocks until every batch is published, or none are wanted any more. Rethrows a worker's error. The
  /// receiver has been told by then, by the last worker: that the stream is finished, or that it failed.
  void wait();

  /// Wakes and ends the workers. Any thread.
  void stop() noexcept { assembler_.cancel(); }

  /// Any thread, also while running.
  InputStats stats() const;

 private:
  struct alignas(128) WorkerStats {
    std::atomic<std::uint64_t> samples{0};
    std::atomic<std::int64_t> busy_ns{0};
  };

  void work(WorkerStats& stats) noexcept;
  bool load(const Claim& claim) const;
  void read_ahead(const Claim& claim) const;
  void keep_error(std::exception_ptr error) noexcept;
  void conclude() noexcept;

  const BatchSchedule& schedule_;
  SampleLoader train_, val_;
  std::uint64_t seed_;
  RandomSampler sampler_;
  BatchSender& sender_;
  BatchAssembler assembler_;
  std::vector<WorkerStats> worker_stats_;
  std::vector<std::thread> workers_;
  std::atomic<int> running_{0};
  mutable std::mutex mutex_;
  std::exception_ptr error_;
  std::optional<Clock::time_point> first_batch_;
};

}  // namespace feedline

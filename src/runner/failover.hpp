#pragma once

#include "outcome.hpp"

#include <feedline/common/fault_plan.hpp>
#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/pipeline/prefetcher.hpp>
#include <feedline/transport/slot_ring.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace feedline {

/// The failover of one feed. When the rank that prepares its data dies, the model rank prepares the rest
/// itself, in the same ring, while training goes on with the batches in it. No batch is lost. As a batch is a
/// function of its sequence, no batch differs, except for spectrograms that a GPU had made: those of the CPU
/// differ by 1e-4.
class Failover {
 public:
  /// The work to go on with. All references must outlive the object.
  struct Work {
    const Options& options;
    const BatchSchedule& schedule;  ///< Schedule of the lost rank
    const DataInfo& info;
    const FaultPlan& faults;
    PrefetchOptions prefetch;
    int data_rank = 0;    ///< Data rank that may be lost
    bool is_only = true;  ///< Whether there is no other data rank
  };

  /// Arms the failover of `channel`, whose receiving end is here: from now on accept() accepts.
  void arm(Work work, std::shared_ptr<ChannelControl> channel);

  /// Disarms the failover: from now on accept() refuses.
  void disarm();

  /// Returns whether accept() would accept.
  bool armed();

  /// Takes over if armed, and returns whether it did; then no other code need handle the loss. Any thread;
  /// does not wait for the data.
  bool accept(const std::string& message);

  bool accepted() const noexcept { return accepted_.load(); }

  /// Blocks until the workers have ended, and notes their figures and their failure. Call it after the
  /// receiver is closed.
  void finish(Outcome& outcome);

  ~Failover();

 private:
  void run(std::unique_ptr<RingSender> sender);

  std::mutex mutex_;
  std::optional<Work> work_;
  std::shared_ptr<ChannelControl> channel_;
  std::atomic<bool> accepted_{false};
  std::thread thread_;
  Outcome outcome_;  ///< Outcome of the thread
};

}  // namespace feedline

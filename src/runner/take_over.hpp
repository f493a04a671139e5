#pragma once

#include "outcome.hpp"

#include <feedline/common/fault_plan.hpp>
#include <feedline/config/options.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/pipeline/prefetcher.hpp>
#include <feedline/transport/channel.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace feedline {

/// What the rank that trains does when the rank that prepares its data dies: it prepares the rest itself, in
/// the same ring, while training goes on with the batches that are there. No batch is lost, and as a batch is
/// a function of its number, none differs (but for spectrograms that a GPU had made: the CPU's differ by
/// 1e-4).
class TakeOver {
 public:
  /// What is to be gone on with; all outlive the object.
  struct Work {
    const Options& options;
    const BatchSchedule& schedule;  ///< of the lost rank
    const DataInfo& info;
    const FaultPlan& faults;
    PrefetchOptions prefetch;
    int data_rank = 0;  ///< that may be lost
    bool alone = true;  ///< there is no other data rank
  };

  /// From here on `accept` accepts.
  void arm(Work work, std::shared_ptr<BatchReceiver> receiver);

  /// From here on it does not.
  void disarm();

  /// Whether it would accept.
  bool armed();

  /// Takes over if it may; then nobody else need be told of the loss. Any thread; does not wait for the data.
  bool accept(const std::string& message);

  bool accepted() const noexcept { return accepted_.load(); }

  /// After the receiver was closed: blocks until the workers have ended, notes what they did, and what went
  /// wrong.
  void finish(Outcome& outcome);

  ~TakeOver();

 private:
  void run(std::unique_ptr<BatchSender> sender);

  std::mutex mutex_;
  std::optional<Work> work_;
  std::shared_ptr<BatchReceiver> receiver_;
  std::atomic<bool> accepted_{false};
  std::thread thread_;
  Outcome outcome_;  ///< of the thread
};

}  // namespace feedline

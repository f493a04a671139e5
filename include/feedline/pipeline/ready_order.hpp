#pragma once

#include <feedline/pipeline/batch_schedule.hpp>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace feedline {

/// Hands samples out in the order of the schedule, and rows of batches in the order in which the samples are
/// done: a slow sample lands in a later batch and delays none. At most a fixed number of samples may overtake
/// it, and only samples of its own epoch and split.
///
/// Thread rule: any thread; each sample takes a mutex twice.
class ReadyOrder {
 public:
  /// A sample that is being loaded; `plan` and `row`, its row in strict order, identify it.
  struct Sample {
    BatchPlan plan;
    std::uint32_t row = 0;
    std::uint64_t ticket = 0;
  };
  /// The row that a sample goes into.
  struct Row {
    BatchPlan plan;
    std::uint32_t row = 0;
  };

  /// `schedule` must outlive this object. At most `window` others overtake a sample. Begins with batch
  /// `first`.
  ReadyOrder(const BatchSchedule& schedule, std::uint64_t window, std::uint64_t first = 0);

  /// Returns the next sample; blocks while the window is used up. Returns std::nullopt when there are no more
  /// samples, or after `cancel`.
  std::optional<Sample> claim();

  /// Returns the row for a sample that is done.
  Row finish(const Sample& sample);

  void cancel() noexcept;

 private:
  /// The batches of one epoch and split whose rows are being handed out.
  struct Segment {
    std::uint32_t epoch = 0;
    Split split = Split::kTrain;
    std::uint64_t sequence = 0;  ///< Batch of the next row to be handed out
    std::uint32_t row = 0;
    std::optional<std::uint64_t> end{};  ///< First batch after the segment, once a sample of it is claimed

    bool is_of(const BatchPlan& plan) const noexcept {
      return epoch == plan.info.epoch && split == plan.info.split;
    }
    bool over() const noexcept { return end && sequence == *end; }
  };

  bool window_used_up() const;
  void open_segment(const BatchPlan& plan);
  Segment& segment_of(const BatchPlan& plan);

  const BatchSchedule& schedule_;
  const std::uint64_t window_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_sequence_;
  std::uint32_t next_row_ = 0;
  std::uint64_t next_ticket_ = 0;
  std::vector<std::uint64_t> under_way_;  ///< Tickets of samples being loaded
  std::vector<Segment> segments_;         ///< The last one is that of the sample claimed last
  bool cancelled_ = false;
};

}  // namespace feedline

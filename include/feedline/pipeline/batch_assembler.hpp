#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/metrics/trace.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/transport/channel.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace feedline {

/// One sample for a worker to load: its batch, its row and its slot.
struct Claim {
  BatchPlan plan;
  std::uint32_t row = 0;
  Slot slot;

  /// The position of the sample in the order of its epoch and split.
  std::uint64_t position() const noexcept { return plan.first_position + row; }
};

/// Hands the samples of a run out to workers, one by one and in order, and publishes each batch, in order,
/// when its last sample is done. Claiming is one atomic addition: the ticket determines batch and row. The
/// worker that draws the first row of a batch opens its slot; the others wait for that without using the CPU.
/// Any thread may call any method; methods that may wait or publish take the lane of the calling thread, or
/// null.
class BatchAssembler {
 public:
  /// `schedule` and `sender` must outlive the assembler. It begins with batch `first`. `before_publish`, if
  /// given, is called with each complete batch, in order.
  BatchAssembler(const BatchSchedule& schedule, BatchSender& sender, std::uint64_t first = 0,
                 std::function<void(const Slot&)> before_publish = {});

  /// Returns the next sample; blocks while the ring is full. Returns std::nullopt when there are no more
  /// samples or no more are wanted. Throws what BatchSender::acquire throws.
  std::optional<Claim> claim(TraceLane* lane = nullptr);

  /// Returns the place in `row` of the batch `plan`, for callers that choose the place of each sample
  /// themselves; they must take the rows of a batch from the first on, and batches in order. Blocks and
  /// throws like `claim`.
  std::optional<Claim> take(const BatchPlan& plan, std::uint32_t row, TraceLane* lane = nullptr);

  /// Marks the sample as loaded, or its row as left out (`kept` false); publishes the batch when it was the
  /// last.
  void complete(const Claim& claim, bool kept = true, TraceLane* lane = nullptr);

  /// Wakes all threads that wait in `claim`, which then return std::nullopt.
  void cancel() noexcept;

  /// Whether the consumer had used up all batches when each of the last few was published.
  bool starving() const noexcept { return idle_publishes_.load(std::memory_order_relaxed) >= kStarving; }

  /// The number of batches published so far, including those before the first.
  std::uint64_t published() const noexcept { return published_.load(std::memory_order_acquire); }

 private:
  /// One batch in assembly; `opened` is its sequence + 1 once it has a slot.
  struct Open {
    std::atomic<std::uint64_t> opened{0};
    std::atomic<std::uint32_t> missing{0};
    std::atomic<bool> done{false};
    std::atomic<bool> has_dropped{false};
    std::vector<std::uint8_t> dropped;  ///< One flag per row, written by the row's worker
    Slot slot;
  };

  static constexpr int kStarving = 3;

  Open& open_batch(std::uint64_t sequence) { return open_[sequence % open_.size()]; }
  bool begin_batch(const BatchPlan& plan, TraceLane* lane);
  bool wait_until_open(std::uint64_t sequence, TraceLane* lane);
  void publish_in_order(TraceLane* lane);

  const BatchSchedule& schedule_;
  BatchSender& sender_;
  std::vector<Open> open_;
  const std::uint64_t first_;
  std::function<void(const Slot&)> before_publish_;
  std::atomic<std::uint64_t> next_ticket_;
  std::atomic<std::uint64_t> published_;
  std::atomic<bool> cancelled_{false};
  std::atomic<int> idle_publishes_{0};
  std::mutex publishing_;
};

}  // namespace feedline

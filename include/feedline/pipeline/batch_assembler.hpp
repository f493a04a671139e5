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

/// One sample that a worker is to load: its batch, its row, and the slot it goes to.
struct Claim {
  BatchPlan plan;
  std::uint32_t row = 0;
  Slot slot;

  /// Position of the sample in the order of its epoch and split.
  std::uint64_t position() const noexcept { return plan.first_position + row; }
};

/// Hands the samples of a run out to workers, one by one and in order, and publishes each batch when its last
/// sample is done, in order. Claiming is one atomic addition: the ticket names batch and row. Whoever draws
/// the first row of a batch opens its slot, the others wait for that without using the CPU. All methods: any
/// thread; where they may wait or publish they take the lane of the calling one, or null.
class BatchAssembler {
 public:
  /// Both must outlive the assembler. Begins with batch `first`. `before_publish`, if any, sees each batch
  /// when it is complete, in order.
  BatchAssembler(const BatchSchedule& schedule, BatchSender& sender, std::uint64_t first = 0,
                 std::function<void(const Slot&)> before_publish = {});

  /// The next sample; blocks while the ring is full. Nothing when there are no more, or none are wanted.
  /// Throws what BatchSender::acquire throws.
  std::optional<Claim> claim(TraceLane* lane = nullptr);

  /// The place in `row` of the batch `plan`, for those who decide themselves what goes where; rows of a batch
  /// are taken from the first on, and batches in order. Blocks and throws like `claim`.
  std::optional<Claim> take(const BatchPlan& plan, std::uint32_t row, TraceLane* lane = nullptr);

  /// Says that the sample is in its place, or that its row is to be left out; publishes its batch when it was
  /// the last.
  void complete(const Claim& claim, bool kept = true, TraceLane* lane = nullptr);

  /// Wakes all who wait in `claim`, which then return nothing.
  void cancel() noexcept;

  /// Whether the consumer had used up everything when each of the last few batches was published.
  bool starving() const noexcept { return idle_publishes_.load(std::memory_order_relaxed) >= kStarving; }

  /// Batches published so far, and those before the first.
  std::uint64_t published() const noexcept { return published_.load(std::memory_order_acquire); }

 private:
  /// One batch being put together; `opened` is its sequence number + 1 once its slot is there.
  struct Open {
    std::atomic<std::uint64_t> opened{0};
    std::atomic<std::uint32_t> missing{0};
    std::atomic<bool> done{false};
    std::atomic<bool> has_dropped{false};
    std::vector<std::uint8_t> dropped;  ///< a flag a row, written by the row's worker
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

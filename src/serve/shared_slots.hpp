#pragma once

#include <feedline/batch/slot_pool.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/transport/channel.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace feedline {

/// The sending end of a stream whose batches another process uses in place, and gives back in any order:
/// slots in a memory file, of which any that is free holds the next batch.
///
/// Thread rule: that of BatchSender; `release` and `close` may be called by any thread.
class SharedSlots final : public BatchSender {
 public:
  /// The ways to reach the other process. They are called in order, by one thread at a time. `take` and
  /// `finish` may throw PeerError when it is gone; `fail` throws nothing.
  struct Consumer {
    std::function<void(const Slot& batch, std::uint32_t slot)> take;
    std::function<void()> finish;
    std::function<void(const Failure&)> fail;
  };

  /// Reserves all pages at once. Throws UsageError when they cannot be had.
  SharedSlots(const BatchSpec& spec, std::size_t depth, Consumer consumer);

  /// The memory file: slot i begins at i * spec().slot_bytes().
  int descriptor() const noexcept { return fd_.get(); }

  /// The other process has taken batch `sequence`, which is in that slot: it no longer waits. Nothing happens
  /// when the slot holds another batch, or none. Throws PeerError for a slot that there is not.
  void take(std::uint32_t slot, std::uint64_t sequence);

  /// The other process no longer uses batch `sequence`. Otherwise as `take`, so it may be said more than
  /// once.
  void release(std::uint32_t slot, std::uint64_t sequence);

  /// The other process wants no more batches.
  void close() noexcept;

  const BatchSpec& spec() const noexcept override { return pool_.spec(); }
  std::size_t depth() const noexcept override { return pool_.depth(); }

  /// The number of batches that are published and not yet taken. Any thread.
  std::size_t waiting() const noexcept override { return waiting_.load(std::memory_order_relaxed); }

  /// The number of batches that are published and not yet given back. Any thread.
  std::size_t lent() const noexcept;

  std::optional<Slot> acquire(std::uint64_t sequence) override;
  void publish(std::uint64_t sequence) override;
  void finish() override { consumer_.finish(); }
  void fail(const Failure& failure) noexcept override { consumer_.fail(failure); }
  void cancel() noexcept override { close(); }
  void drain() override {}

 private:
  /// The place of the batch in a slot.
  enum class Place : std::uint8_t { kHere, kWaiting, kTaken };

  bool end_wait(std::uint32_t slot, std::uint64_t sequence);
  std::uint32_t& slot_of(std::uint64_t sequence) { return slot_of_[sequence % slot_of_.size()]; }

  UniqueFd fd_;
  Mapping memory_;
  SlotPool pool_;
  Consumer consumer_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint64_t> sequences_;  ///< Batch of each slot
  std::vector<Place> places_;             ///< One per slot
  std::vector<std::uint32_t> slot_of_;    ///< Slots of the batches that are acquired and not yet published
  std::size_t lent_ = 0;
  std::atomic<std::size_t> waiting_{0};
  bool closed_ = false;
};

}  // namespace feedline

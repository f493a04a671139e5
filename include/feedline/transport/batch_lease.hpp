#pragma once

#include <feedline/batch/slot.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace feedline {

/// The owner of lent batches, which every lease keeps alive.
class BatchLender {
 public:
  virtual ~BatchLender() = default;

  /// Takes batch `number` of this lender back, in any order. The slot of a batch can be filled again once all
  /// batches before it are back as well. A failure is thrown by the next `receive`. Any thread.
  virtual void take_back(std::uint64_t number) noexcept = 0;
};

/// A received batch on loan: it gives the slot back to the sender when it is destroyed. Move-only; making and
/// moving one allocates nothing.
///
/// Leases may be given back in any order; one that goes early waits for those before it. No further batch
/// arrives while as many are on loan as the channel has slots. Thread rule: a lease belongs to one thread at
/// a time, which may be another than the one that received it. Where the batch lies on a device, giving it
/// back uses the stream that the receiver was made with, so only the thread that uses this stream may do it.
///
/// A lease may outlive its receiver: the memory stays readable. No work that reads it may be enqueued on a
/// device then.
class BatchLease {
 public:
  /// A lease of nothing, as `receive` returns it at the end of the stream.
  BatchLease() = default;

  /// A lease of the batch in `slot`, which is batch `number` of the lender.
  BatchLease(std::shared_ptr<BatchLender> lender, const Slot& slot, std::uint64_t number) noexcept
      : lender_(std::move(lender)), slot_(slot), number_(number), sequence_(number) {}

  BatchLease(BatchLease&&) = default;
  BatchLease& operator=(BatchLease&& other) noexcept {
    if (this == &other) return *this;
    release();
    lender_ = std::move(other.lender_);
    slot_ = other.slot_;
    number_ = other.number_;
    sequence_ = other.sequence_;
    return *this;
  }
  ~BatchLease() { release(); }

  /// Whether it holds a batch; the functions below need one.
  explicit operator bool() const noexcept { return lender_ != nullptr; }

  const Slot& operator*() const noexcept { return slot_; }
  const Slot* operator->() const noexcept { return &slot_; }

  /// The number of the batch in the stream that it was received from. The header holds the number in the
  /// channel, which differs where a stream consists of several channels.
  std::uint64_t sequence() const noexcept { return sequence_; }

  /// Gives the slot back now; it must not be read afterwards. Nothing happens when the lease is empty.
  void release() noexcept {
    if (const auto lender = std::exchange(lender_, nullptr)) lender->take_back(number_);
  }

  /// The same lease with the number that the batch has in a stream of several channels.
  BatchLease numbered(std::uint64_t sequence) && noexcept {
    sequence_ = sequence;
    return std::move(*this);
  }

 private:
  std::shared_ptr<BatchLender> lender_;
  Slot slot_;
  std::uint64_t number_ = 0;
  std::uint64_t sequence_ = 0;
};

}  // namespace feedline

#pragma once

#include <feedline/batch/slot_pool.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/transport/channel.hpp>
#include <feedline/transport/channel_control.hpp>
#include <feedline/transport/ring_control.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

class RingLender;

/// The longest waits of one ring, in seconds, and the names of its ends in messages.
struct RingOptions {
  double receive_timeout = 300;               ///< Longest wait for the sender to publish one batch
  double acquire_timeout = 1800;              ///< Longest wait for the receiver to release one batch
  ChecksumKind checks = ChecksumKind::kNone;  ///< Checksums of the payload that the receiver verifies
  std::string sender_name = "the data side";
  std::string receiver_name = "the training side";
};

/// A ring of slots with one sender and one receiver: threads of one process, or two processes that map the
/// same memory. Every channel is made of such rings. It cannot be moved, since slots refer to it.
class SlotRing {
 public:
  /// Bytes of memory for the control block and the slots.
  static std::size_t bytes_needed(const BatchSpec& spec, std::size_t depth) noexcept;

  /// Makes a new ring in `memory`.
  static std::shared_ptr<SlotRing> create(Mapping memory, const BatchSpec& spec, std::size_t depth,
                                          std::uint64_t token, RingOptions options = {});

  /// Opens the ring that another process made in `memory`. Throws PeerError when its layout or token differs.
  static std::shared_ptr<SlotRing> attach(Mapping memory, const BatchSpec& spec, std::size_t depth,
                                          std::uint64_t token, RingOptions options = {});

  SlotRing(const SlotRing&) = delete;
  SlotRing& operator=(const SlotRing&) = delete;

  const SlotPool& pool() const noexcept { return pool_; }
  const RingOptions& options() const noexcept { return options_; }
  std::span<std::byte> memory() const noexcept { return memory_.bytes(); }
  RingEnd& sender() const noexcept { return control().sender; }
  RingEnd& receiver() const noexcept { return control().receiver; }

  /// The state of the ring, with the signs of life of `other`.
  ChannelView view(const RingEnd& other) const noexcept;

  /// Wakes the receiver: the batch that it requested again is in its slot.
  void answer_wanted() noexcept;

  /// Marks an end as lost, which wakes the other end with a PeerError. Any thread.
  void lose_sender(const std::string& message) noexcept;
  void lose_receiver(const std::string& message) noexcept;

 private:
  SlotRing(Mapping memory, const BatchSpec& spec, std::size_t depth, RingOptions options);
  RingControl& control() const noexcept { return *reinterpret_cast<RingControl*>(memory_.bytes().data()); }

  Mapping memory_;
  SlotPool pool_;
  RingOptions options_;
};

/// The sending end of a ring; see BatchSender.
class RingSender : public BatchSender, public ChannelControl, public Resender {
 public:
  explicit RingSender(std::shared_ptr<SlotRing> ring) : ring_(std::move(ring)) {}

  const BatchSpec& spec() const noexcept override { return ring_->pool().spec(); }
  std::size_t depth() const noexcept override { return ring_->pool().depth(); }
  std::size_t waiting() const noexcept override;
  std::optional<Slot> acquire(std::uint64_t sequence) override;
  void publish(std::uint64_t sequence) override;
  void finish() override;
  void fail(const Failure& failure) noexcept override;
  void cancel() noexcept override;
  void drain() override;
  Resender* resender() noexcept override { return checks() != ChecksumKind::kNone ? this : nullptr; }

  ChecksumKind checks() const noexcept override { return ring_->options().checks; }
  std::optional<std::uint64_t> resend_request() const noexcept override {
    return ring_->receiver().resend_request();
  }
  Slot resend_slot(std::uint64_t sequence) override { return ring_->pool().slot(sequence); }
  void publish_resend() override;

  void lose_peer(const std::string& message) noexcept override { ring_->lose_receiver(message); }
  void beat() noexcept override { ring_->sender().beat(); }
  ChannelView view() const noexcept override { return ring_->view(ring_->receiver()); }
  void ask_stop() noexcept override { ring_->sender().ask_stop(); }
  LinkStats stats() const override;

  /// Like `acquire`, but never blocks: returns std::nullopt while the slot is in use.
  std::optional<Slot> try_acquire(std::uint64_t sequence) const;

 private:
  bool wants_more() const;

  std::shared_ptr<SlotRing> ring_;
  std::atomic<bool> cancelled_{false};
  std::atomic<std::uint64_t> bytes_{0};
};

/// The receiving end of a ring; see BatchReceiver.
class RingReceiver : public BatchReceiver, public ChannelControl {
 public:
  explicit RingReceiver(const std::shared_ptr<SlotRing>& ring);

  const BatchSpec& spec() const noexcept override { return ring_->pool().spec(); }
  std::size_t depth() const noexcept override { return ring_->pool().depth(); }
  std::size_t ready() const noexcept override;
  BatchLease receive() override;
  bool wait_ready() override;
  void close() noexcept override;
  void fail(const Failure& failure) noexcept override;

  void lose_peer(const std::string& message) noexcept override { ring_->lose_sender(message); }
  void beat() noexcept override { ring_->receiver().beat(); }
  ChannelView view() const noexcept override { return ring_->view(ring_->sender()); }
  void ask_stop() noexcept override;
  LinkStats stats() const override;
  std::vector<std::span<std::byte>> memory() const override { return {ring_->memory()}; }
  std::unique_ptr<RingSender> take_over() override;

 protected:
  /// Lends batches by another lender than that of a ring in host memory.
  RingReceiver(std::shared_ptr<SlotRing> ring, std::shared_ptr<RingLender> lender);

  /// The first row of an arrived batch that differs from the row sent.
  virtual std::optional<std::uint32_t> damaged_row(const Slot& slot) const { return slot.damaged_row(); }

  /// The batch in `slot`, which has arrived undamaged, as the user is to see it.
  virtual Slot as_used(const Slot& slot) { return slot; }

  const std::shared_ptr<SlotRing>& ring() const noexcept { return ring_; }

 private:
  bool unwilling() const noexcept;
  void check_arrived(const Slot& slot) const;
  void receive_again(const Slot& slot, const std::string& why);

  std::shared_ptr<SlotRing> ring_;
  std::shared_ptr<RingLender> lender_;
  std::uint64_t next_ = 0;
  std::atomic<bool> interrupted_{false};
  std::atomic<std::uint64_t> bytes_{0};
};

}  // namespace feedline

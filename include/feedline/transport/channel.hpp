#pragma once

#include <feedline/batch/batch_spec.hpp>
#include <feedline/batch/slot.hpp>
#include <feedline/common/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace feedline {

/// Seconds in which batches were being copied to a device or transferred between devices.
struct DeviceTimes {
  double copies = 0;
  double transfers = 0;
  double both = 0;  ///< Seconds in which a copy and a transfer ran at the same time
};

/// Totals of the traffic of a channel so far.
struct LinkStats {
  std::uint64_t batches = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;  ///< Time in which bytes were in transit; 0 where batches stay in place
  DeviceTimes device{};
};

/// The state of a channel, for a watchdog.
struct ChannelView {
  std::uint64_t published = 0;  ///< Batches published so far
  std::uint64_t released = 0;
  std::size_t depth = 0;
  bool open = false;      ///< The receiver wants more batches and the sender has neither failed nor been lost
  bool finished = false;  ///< The sender has published its last batch
  std::optional<std::uint64_t> beats{};  ///< Signs of life counted from the other end, where it gives any
  bool stopping = false;                 ///< The process of the other end was asked to stop
};

/// The reason why one end of a channel failed, as the other end receives it.
struct Failure {
  ExitCode code = ExitCode::kInternal;
  std::string message;
};

/// The sending end of a stream of batches from one data rank to one model rank.
///
/// Batches are numbered 0, 1, 2, ... Several may be open (acquired, not yet published) at the same time; they
/// are published in order. Thread rule: one thread at a time calls `acquire`, in order, and one thread at a
/// time calls `publish`; these two and `cancel` may run concurrently.
class BatchSender {
 public:
  virtual ~BatchSender() = default;

  virtual const BatchSpec& spec() const noexcept = 0;

  /// The number of slots in the ring.
  virtual std::size_t depth() const noexcept = 0;

  /// The number of batches that are published and not yet released by the other end. Any thread.
  virtual std::size_t waiting() const noexcept = 0;

  /// The checksums that rows need: kNone where batches do not leave this process.
  virtual ChecksumKind checks() const noexcept { return ChecksumKind::kNone; }
  bool checked() const noexcept { return checks() != ChecksumKind::kNone; }

  /// Returns the slot for batch `sequence`, to be written in place. Blocks until the receiver has freed it,
  /// without using the CPU. Returns std::nullopt when the receiver wants no more batches, or after `cancel`.
  /// Throws PeerError when the receiver is lost, RemoteError when it failed.
  virtual std::optional<Slot> acquire(std::uint64_t sequence) = 0;

  /// Hands batch `sequence` to the receiver; the slot must not be touched afterwards.
  virtual void publish(std::uint64_t sequence) = 0;

  /// Announces that the last batch has been published.
  virtual void finish() = 0;

  /// Notifies the receiver that this end failed: its next `receive` throws RemoteError.
  virtual void fail(const Failure& failure) noexcept = 0;

  /// Wakes a blocked `acquire` on this end, permanently. Any thread.
  virtual void cancel() noexcept = 0;

  /// Blocks until the receiver has released every published batch or wants no more. Throws like `acquire`.
  virtual void drain() = 0;

  /// The batch that arrived damaged and is requested again, if any. `resend_slot` then returns the slot to
  /// make it in, and `publish_resend` hands it over. One thread, which may differ from that of `acquire`.
  virtual std::optional<std::uint64_t> resend_request() const noexcept { return std::nullopt; }
  virtual Slot resend_slot(std::uint64_t) { throw InternalError("This channel sends nothing twice."); }
  virtual void publish_resend() {}

  /// Notifies the receiver that this process was asked to stop. Any thread.
  virtual void ask_stop() noexcept {}

  /// Starts the channel's own thread, if it has one: until `join` returns, no other thread may call MPI.
  virtual void start() {}

  /// Ends that thread: blocks until everything sent has arrived and both ends have sent their last message,
  /// or the receiver is lost. Must follow `finish` or `fail`.
  virtual void join() noexcept {}

  /// Notifies this end that the receiver's process has died: blocked calls throw PeerError. Any thread.
  virtual void lose_peer(const std::string& message) noexcept = 0;

  /// The state that a watchdog over the other end reads. Any thread.
  virtual ChannelView view() const noexcept { return {}; }

  /// Shows the other end that this process is running. One thread.
  virtual void beat() noexcept {}

  virtual LinkStats stats() const = 0;
};

/// The receiving end. Thread rule: one thread, except for `fail` and `close`, which any thread may call.
class BatchReceiver {
 public:
  virtual ~BatchReceiver() = default;

  virtual const BatchSpec& spec() const noexcept = 0;
  virtual std::size_t depth() const noexcept = 0;

  /// The host memory that holds the slots, block by block, for a caller that wants to pin it.
  virtual std::vector<std::span<std::byte>> memory() const { return {}; }

  /// The number of batches that can be received without waiting: the fill of the buffer.
  virtual std::size_t ready() const noexcept = 0;

  /// Returns the next batch, in order, to be read in place. Blocks without using the CPU until it is there;
  /// returns std::nullopt at the end of the stream. A damaged batch is requested once more. Throws PeerError
  /// when it is damaged again, when the sender is lost or when no batch arrived before the deadline; throws
  /// RemoteError when the sender failed.
  virtual std::optional<Slot> receive() = 0;

  /// Blocks until a batch is ready, without taking it; returns false at the end of the stream. Throws like
  /// `receive`.
  virtual bool wait_ready() = 0;

  /// Gives the slot of batch `sequence` back, in order; the slot must not be read afterwards.
  virtual void release(std::uint64_t sequence) = 0;

  /// Makes a blocked `receive` or `wait_ready` return as at the end of the stream, because this process was
  /// asked to stop, and notifies the sender; from then on neither ever waits. Any thread.
  virtual void interrupt() noexcept {}

  /// Whether the sender's process was asked to stop; `receive` does not wait then. Any thread.
  virtual bool stop_asked() const noexcept { return false; }

  /// Announces that this end wants no more batches.
  virtual void close() noexcept = 0;

  /// Notifies the sender that this end failed: its next `acquire` throws RemoteError.
  virtual void fail(const Failure& failure) noexcept = 0;

  /// See BatchSender; `join` must follow `close` or `fail`.
  virtual void start() {}
  virtual void join() noexcept {}
  virtual void lose_peer(const std::string& message) noexcept = 0;
  virtual ChannelView view() const noexcept { return {}; }
  virtual void beat() noexcept {}

  /// Makes this process the sending end as well, after the sender's process was lost and before anybody is
  /// notified of it (instead of `lose_peer`): published batches are received as if nothing had happened; the
  /// returned sender continues with the next batch and answers requests to send one again. Returns null where
  /// that is impossible, or when the sender had finished and no batch is requested from it. Any thread, once.
  virtual std::unique_ptr<BatchSender> take_over() { return nullptr; }

  virtual LinkStats stats() const = 0;
};

}  // namespace feedline

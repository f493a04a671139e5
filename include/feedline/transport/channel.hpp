#pragma once

#include <feedline/batch/batch_spec.hpp>
#include <feedline/batch/slot.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/transport/batch_lease.hpp>
#include <feedline/transport/resender.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// The reason why one end of a channel failed, as the other end receives it.
struct Failure {
  ExitCode code = ExitCode::kInternal;
  std::string message;
};

/// The sending end of a stream of batches, as the code that fills them sees it; ChannelControl is the rest.
///
/// Batches are numbered 0, 1, 2, ... Several may be open (acquired, not yet published) at the same time; they
/// are published in order. Thread rule: one thread at a time calls `acquire`, in order, and one thread at a
/// time calls `publish`; these two and `cancel` may run concurrently.
///
///     while (const auto slot = sender.acquire(sequence)) {
///       fill(*slot);
///       sender.publish(sequence++);
///     }
class BatchSender {
 public:
  virtual ~BatchSender() = default;

  virtual const BatchSpec& spec() const noexcept = 0;

  /// The number of slots in the ring.
  virtual std::size_t depth() const noexcept = 0;

  /// The number of batches that are published and not yet released by the other end. Any thread.
  virtual std::size_t waiting() const noexcept = 0;

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

  /// The part that sends damaged batches again, which lives as long as the sender; null where batches do not
  /// leave this process, so that none can be damaged.
  virtual Resender* resender() noexcept { return nullptr; }

  /// The kind of checksum that the rows of batches need.
  ChecksumKind checks() noexcept {
    const Resender* again = resender();
    return again != nullptr ? again->checks() : ChecksumKind::kNone;
  }
};

/// The receiving end, as the code that uses the batches sees it. Thread rule: one thread, except for `fail`
/// and `close`, which any thread may call, and for leases (see BatchLease).
///
///     while (const BatchLease batch = receiver.receive()) use(*batch);
class BatchReceiver {
 public:
  virtual ~BatchReceiver() = default;

  virtual const BatchSpec& spec() const noexcept = 0;

  /// The number of slots in the ring.
  virtual std::size_t depth() const noexcept = 0;

  /// The number of batches that can be received without waiting: the fill of the buffer.
  virtual std::size_t ready() const noexcept = 0;

  /// Returns the next batch, in order, to be read in place. Blocks without using the CPU until it is there;
  /// returns an empty lease at the end of the stream. A damaged batch is requested once more. Throws
  /// PeerError when it is damaged again, when the sender is lost or when no batch arrived before the
  /// deadline; throws RemoteError when the sender failed.
  virtual BatchLease receive() = 0;

  /// Blocks until a batch is ready, without taking it; returns false at the end of the stream. Throws like
  /// `receive`.
  virtual bool wait_ready() = 0;

  /// Announces that this end wants no more batches.
  virtual void close() noexcept = 0;

  /// Notifies the sender that this end failed: its next `acquire` throws RemoteError.
  virtual void fail(const Failure& failure) noexcept = 0;
};

}  // namespace feedline

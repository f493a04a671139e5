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

/// Seconds in which batches were copied to a device, and went from one device to another.
struct DeviceTimes {
  double copies = 0;
  double transfers = 0;
  double both = 0;  ///< at the same time
};

/// What a channel has moved so far.
struct LinkStats {
  std::uint64_t batches = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;  ///< time in which bytes were under way; 0 where batches stay in place
  DeviceTimes device{};
};

/// How a channel stands, for a watch over it.
struct ChannelView {
  std::uint64_t published = 0;  ///< batches
  std::uint64_t released = 0;
  std::size_t depth = 0;
  bool open = false;      ///< the receiver wants more, and the sender has neither failed nor been lost
  bool finished = false;  ///< the sender has published all there are
  std::optional<std::uint64_t> beats{};  ///< signs of life of the other end, where it gives any here
  bool stopping = false;                 ///< the other end's process was asked to stop
};

/// Why an end of a channel failed, told to the other end.
struct Failure {
  ExitCode code = ExitCode::kInternal;
  std::string message;
};

/// The sending end of a stream of batches from one data rank to one model rank.
///
/// Batches are numbered 0, 1, 2, ... Several may be open (acquired, not yet published) at the same time; they
/// are published in order. Thread rule: `acquire` one thread at a time, in order; `publish` one thread at a
/// time; the two, and `cancel`, may run together.
class BatchSender {
 public:
  virtual ~BatchSender() = default;

  virtual const BatchSpec& spec() const noexcept = 0;

  /// Slots of the ring that batches are written into.
  virtual std::size_t depth() const noexcept = 0;

  /// Batches of the ring that are published and not yet released by the other end. Any thread.
  virtual std::size_t waiting() const noexcept = 0;

  /// The checksums that rows need: some where batches leave this process.
  virtual Checks checks() const noexcept { return Checks::kNone; }
  bool checked() const noexcept { return checks() != Checks::kNone; }

  /// The slot for batch `sequence`, to be written in place. Blocks until the receiver has freed it, without
  /// using the CPU. Nothing when the receiver wants no more batches, or after `cancel`. Throws PeerError when
  /// the receiver is lost, RemoteError when it failed.
  virtual std::optional<Slot> acquire(std::uint64_t sequence) = 0;

  /// Hands batch `sequence` over; the slot must not be touched afterwards.
  virtual void publish(std::uint64_t sequence) = 0;

  /// Says that there are no more batches after those published.
  virtual void finish() = 0;

  /// Tells the receiver that this side failed: its next `receive` throws RemoteError.
  virtual void fail(const Failure& failure) noexcept = 0;

  /// Wakes a blocked `acquire`, here, for good. Any thread.
  virtual void cancel() noexcept = 0;

  /// Blocks until the receiver has released every published batch, or wants no more. Throws like `acquire`.
  virtual void drain() = 0;

  /// The batch that arrived damaged and is wanted once more, where there is one. Then `slot_again` is where
  /// to make it anew, and `publish_again` hands it over. One thread, which may be another than that of
  /// `acquire`.
  virtual std::optional<std::uint64_t> wanted_again() const noexcept { return std::nullopt; }
  virtual Slot slot_again(std::uint64_t) { throw InternalError("This channel sends nothing twice."); }
  virtual void publish_again() {}

  /// Tells the receiver that somebody asked this process to stop. Any thread.
  virtual void ask_stop() noexcept {}

  /// Starts the channel's own thread, where it has one: from here to the end of `join` nobody else may call
  /// MPI.
  virtual void start() {}

  /// Ends that thread: blocks until everything sent has arrived and both ends have said their last word, or
  /// the receiver is lost. After `finish` or `fail`.
  virtual void join() noexcept {}

  /// Tells this end that the receiver's process has died: blocked calls throw PeerError. Any thread.
  virtual void lose_peer(const std::string& message) noexcept = 0;

  /// What a watch over the other end looks at. Any thread.
  virtual ChannelView view() const noexcept { return {}; }

  /// Shows the other end that this process runs. One thread.
  virtual void beat() noexcept {}

  virtual LinkStats stats() const = 0;
};

/// The receiving end. Thread rule: one thread, but for `fail` and `close`, which any thread may call.
class BatchReceiver {
 public:
  virtual ~BatchReceiver() = default;

  virtual const BatchSpec& spec() const noexcept = 0;
  virtual std::size_t depth() const noexcept = 0;

  /// The host memory that slots lie in, block by block, for who wants it pinned.
  virtual std::vector<std::span<std::byte>> memory() const { return {}; }

  /// Batches that could be received without waiting: the buffer's fill.
  virtual std::size_t ready() const noexcept = 0;

  /// The next batch, in order, to be read in place. Blocks without using the CPU until it is there; nothing
  /// at the end of the stream. A batch that arrives damaged is asked for once more. Throws PeerError when
  /// that is damaged too, when the sender is lost or nothing came within the deadline, RemoteError when it
  /// failed.
  virtual std::optional<Slot> receive() = 0;

  /// Blocks until a batch is ready, without taking it; false at the end of the stream. Throws like `receive`.
  virtual bool wait_ready() = 0;

  /// Gives the slot of batch `sequence` back, in order; it must not be read afterwards.
  virtual void release(std::uint64_t sequence) = 0;

  /// Has a blocked `receive` or `wait_ready` return as at the end of the stream, since somebody asked this
  /// process to stop, and tells the sender so; from here on they never wait. Any thread.
  virtual void interrupt() noexcept {}

  /// Whether somebody asked the sender's process to stop; `receive` does not wait then. Any thread.
  virtual bool stop_asked() const noexcept { return false; }

  /// Says that no more batches are wanted.
  virtual void close() noexcept = 0;

  /// Tells the sender that this side failed: its next `acquire` throws RemoteError.
  virtual void fail(const Failure& failure) noexcept = 0;

  /// See BatchSender; `join` comes after `close` or `fail`.
  virtual void start() {}
  virtual void join() noexcept {}
  virtual void lose_peer(const std::string& message) noexcept = 0;
  virtual ChannelView view() const noexcept { return {}; }
  virtual void beat() noexcept {}

  /// Makes this process the sending end as well, after the sender's was lost and before anybody is told so
  /// (instead of `lose_peer`): batches that were published are received as if nothing had happened, and the
  /// sender that is returned goes on with the next, and answers what is wanted again. Null where that cannot
  /// be done, or when the sender had finished and nothing is wanted of it. Any thread, once.
  virtual std::unique_ptr<BatchSender> take_over() { return nullptr; }

  virtual LinkStats stats() const = 0;
};

}  // namespace feedline

#pragma once

#include <feedline/transport/channel.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

class RingSender;

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

/// The control of one end of a channel: for the code that starts, watches and ends it. BatchSender and
/// BatchReceiver are for the code that fills and uses the batches. Any thread, except where stated.
class ChannelControl {
 public:
  virtual ~ChannelControl() = default;

  /// Starts the channel's own thread, if it has one, which exchanges messages with the other end by MPI until
  /// `join` returns. The Communicator admits one call of MPI at a time, so several channels of one process
  /// may be started. Meanwhile there may be no collective call, such as World::together. One thread calls
  /// `start` and `join`.
  virtual void start() {}

  /// Ends that thread: blocks until everything sent has arrived and both ends have sent their last message,
  /// or the other end is lost. Must follow the end of the data: `finish` or `fail` of the sender, `close` or
  /// `fail` of the receiver.
  virtual void join() noexcept {}

  /// Notifies this end that the process of the other end has died: blocked calls throw PeerError.
  virtual void lose_peer(const std::string& message) noexcept = 0;

  /// Shows the other end that this process is running. One thread.
  virtual void beat() noexcept {}

  /// The state of the channel, with the signs of life of the other end.
  virtual ChannelView view() const noexcept { return {}; }

  /// Notifies the other end that this process was asked to stop. At the receiving end, also makes a blocked
  /// `receive` or `wait_ready` return as at the end of the stream; from then on neither waits.
  virtual void ask_stop() noexcept {}

  /// Whether the process of the other end was asked to stop; `receive` does not wait then.
  bool stop_asked() const noexcept { return view().stopping; }

  virtual LinkStats stats() const = 0;

  /// The host memory that holds the slots, block by block, for a caller that wants to pin it.
  virtual std::vector<std::span<std::byte>> memory() const { return {}; }

  /// At the receiving end: makes this process the sending end as well, after the sender's process was lost
  /// and before anybody is notified of it (instead of `lose_peer`). Published batches are received as if
  /// nothing had happened; the returned sender continues with the next batch and answers requests to send one
  /// again. Returns null where that is impossible, or when the sender had finished and no batch is requested
  /// from it. Once.
  virtual std::unique_ptr<RingSender> take_over();
};

/// A receiving end in this process: the two views of it.
struct ReceivingEnd {
  std::shared_ptr<BatchReceiver> batches;
  std::shared_ptr<ChannelControl> control;

  ReceivingEnd(std::shared_ptr<BatchReceiver> receiver, std::shared_ptr<ChannelControl> its_control)
      : batches(std::move(receiver)), control(std::move(its_control)) {}

  /// Takes an object that is both.
  template <class End>
  ReceivingEnd(const std::shared_ptr<End>& end) : batches(end), control(end) {}
};

}  // namespace feedline

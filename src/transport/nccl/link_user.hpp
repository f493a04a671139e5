#pragma once

#include <feedline/comm/device_link.hpp>
#include <feedline/common/clock.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace feedline {

/// Aborts all transfers in a separate thread, since that may hang, and waits briefly for it. Returns whether
/// it has ended.
bool abort_in_time(std::shared_ptr<DeviceLink> link) noexcept;

/// A link with the stream of its transfers: the part that both carriers share.
class LinkUser {
 public:
  /// `timeout` is the longest time that one transfer may take, in seconds.
  LinkUser(std::shared_ptr<DeviceLink> link, DeviceRuntime& device, double timeout)
      : link_(std::move(link)), stream_(device.make_stream(StreamPriority::kHigh)), timeout_(timeout) {}

  /// Makes the link do transfers up to number `end`, one at a time as it becomes ready: `ask` requests the
  /// transfer of that number, and `behind` enqueues the work that follows it in the stream, as soon as that
  /// is possible.
  template <class Ask, class Behind>
  void hand_over(std::uint64_t end, Ask ask, Behind behind) {
    while (link_->ready()) {
      if (handed_ < asked_) behind(handed_++);
      if (asked_ == end) return;
      ask(asked_++);
    }
  }

  /// Transfers that the link has handed to the device.
  std::uint64_t handed() const noexcept { return handed_; }

  DeviceLink& link() noexcept { return *link_; }
  Stream& stream() noexcept { return *stream_; }

  /// The deadline of a transfer that begins now, for `check`.
  Clock::duration deadline() noexcept { return time_.look() + from_seconds(timeout_); }

  /// Must be called repeatedly while a transfer is awaited: throws PeerError once its deadline has passed.
  /// `awaited()` returns a text like "batch 3 from rank 0".
  template <class Awaited>
  void check(Clock::duration deadline, Awaited awaited) {
    if (time_.look() >= deadline) fail(awaited());
  }

  /// Aborts all transfers; a device that hangs is left alone until the process ends.
  void abandon() noexcept { abort_in_time(link_); }

 private:
  [[noreturn]] void fail(const std::string& awaited) const;

  std::shared_ptr<DeviceLink> link_;
  std::unique_ptr<Stream> stream_;
  double timeout_;
  std::uint64_t asked_ = 0, handed_ = 0;
  OwnTime time_{std::chrono::seconds(1)};
};

}  // namespace feedline

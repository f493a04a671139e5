#pragma once

#include <feedline/comm/device_link.hpp>
#include <feedline/common/clock.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace feedline {

/// Ends all transfers in a thread of its own, since that may hang, and waits a little for it: whether it has
/// ended.
bool abort_in_time(std::shared_ptr<DeviceLink> link) noexcept;

/// A link with the stream that its transfers are done in. What both carriers do with it.
class LinkUser {
 public:
  /// `timeout`: longest that one transfer may take, in seconds.
  LinkUser(std::shared_ptr<DeviceLink> link, DeviceRuntime& device, double timeout)
      : link_(std::move(link)), stream_(device.make_stream(StreamPriority::kHigh)), timeout_(timeout) {}

  /// Has the link do transfers up to number `end`, one at a time as it gets ready: `ask` asks it for the one
  /// of that number, and `behind` asks the stream for what comes behind it, as soon as that may be.
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

  /// Until when a transfer that begins now may take, for `check`.
  Clock::duration deadline() noexcept { return time_.look() + from_seconds(timeout_); }

  /// To be called again and again while a transfer is awaited: throws PeerError once its deadline has passed;
  /// `awaited()` reads like "batch 3 from rank 0".
  template <class Awaited>
  void check(Clock::duration deadline, Awaited awaited) {
    if (time_.look() >= deadline) fail(awaited());
  }

  /// Ends all transfers, or leaves a device that hangs to the process's end.
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

#include "link_user.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>
#include <feedline/transport/nccl.hpp>

#include <fmt/format.h>

namespace feedline {
namespace {

constexpr std::size_t kBlock = 256;

/// The objects that the first transfer needs. The stream is last, so that it is destroyed first and waits for
/// its work.
struct FirstTransfer {
  std::unique_ptr<DeviceMemory> block;
  std::unique_ptr<Event> done;
  std::unique_ptr<Stream> stream;

  explicit FirstTransfer(DeviceRuntime& device)
      : block(device.allocate(kBlock)),
        done(device.make_event()),
        stream(device.make_stream(StreamPriority::kHigh)) {}

  /// Leaks the objects, for a device that hangs and cannot free anything.
  void leave() noexcept {
    static_cast<void>(stream.release());
    static_cast<void>(done.release());
    static_cast<void>(block.release());
  }
};

template <class Done>
void wait_until(const Done& done, const char* awaited, const Deadline& deadline,
                const std::function<void()>& check) {
  Backoff backoff;
  while (!done()) {
    check();
    if (deadline.passed()) {
      throw PeerError(fmt::format("Waited {} for {} over NCCL. NCCL_DEBUG=INFO says more.",
                                  format_duration(to_seconds(deadline.allowed)), awaited));
    }
    backoff.sleep();
  }
}

void transfer(DeviceLink& link, FirstTransfer& first, int end) {
  if (end == 0) {
    first.stream->clear(first.block->bytes().data(), kBlock);
    link.send(first.block->bytes(), *first.stream);
  } else {
    link.receive(first.block->bytes(), *first.stream);
  }
}

}  // namespace

void warm_up(const std::shared_ptr<DeviceLink>& link, DeviceRuntime& device, int end, double timeout_s,
             const std::function<void()>& check) {
  const Deadline deadline = Deadline::in(timeout_s);
  FirstTransfer first(device);
  try {
    wait_until([&] { return link->ready(); }, "the two GPUs to be connected", deadline, check);
    transfer(*link, first, end);
    wait_until([&] { return link->ready(); }, "the first transfer to begin", deadline, check);
    first.stream->record(*first.done);
    wait_until([&] { return first.done->done(); }, "the first transfer to end", deadline, check);
  } catch (const Error&) {
    if (!abort_in_time(link)) first.leave();
    throw;
  }
}

}  // namespace feedline

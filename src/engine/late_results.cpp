#include "late_results.hpp"

#include <span>
#include <utility>

namespace feedline {

LateResults::LateResults(std::shared_ptr<DeviceRuntime> device, Stream& stream)
    : device_(std::move(device)),
      stream_(stream),
      losses_(kPlaces),
      pinned_(device_->pin(std::as_writable_bytes(std::span(losses_)))) {
  for (Place& each : places_)
    each = {device_->make_event(EventKind::kTime), device_->make_event(EventKind::kTime)};
}

LateResults::~LateResults() {
  wait_until_idle(stream_);
}

void LateResults::begin() {
  if (ended_ - taken_ == kMostUnderWay) {
    place(taken_).ended->wait();
    waiting_.push_back(take());
  }
  stream_.record(*place(ended_).begun);
}

void LateResults::end(const float* loss) {
  stream_.copy(reinterpret_cast<std::byte*>(&losses_[ended_ % kPlaces]),
               reinterpret_cast<const std::byte*>(loss), sizeof *loss);
  stream_.record(*place(ended_).ended);
  ++ended_;
}

void LateResults::extend() {
  if (ended_ > taken_) stream_.record(*place(ended_ - 1).ended);
}

std::optional<BatchResult> LateResults::next(bool wait) {
  if (!waiting_.empty()) {
    const BatchResult result = waiting_.front();
    waiting_.pop_front();
    return result;
  }
  if (taken_ == ended_) return std::nullopt;
  Event& ended = *place(taken_).ended;
  if (wait) ended.wait();
  if (!wait && !ended.done()) return std::nullopt;
  return take();
}

/// Takes the oldest result under way, whose work is done.
BatchResult LateResults::take() {
  const Place& its = place(taken_);
  DeviceTime time;
  time.work = its.ended->since(*its.begun);
  if (taken_ > 0) time.idle = its.begun->since(*place(taken_ - 1).ended);
  const float loss = losses_[taken_ % kPlaces];
  ++taken_;
  return {loss, time};
}

}  // namespace feedline

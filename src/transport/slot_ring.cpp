#include "ring_lender.hpp"

#include <feedline/common/log.hpp>
#include <feedline/common/pause.hpp>
#include <feedline/common/text.hpp>
#include <feedline/transport/slot_ring.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

namespace feedline {
namespace {

constexpr std::size_t kControlBytes = (sizeof(RingControl) + 4095) / 4096 * 4096;

/// Throws when that end failed or was lost.
void check(const RingEnd& end) {
  switch (end.state()) {
    case EndState::kFailed:
      throw RemoteError(end.failure_code(), end.failure_message());
    case EndState::kLost:
      throw PeerError(end.failure_message());
    case EndState::kOpen:
    case EndState::kFinished:
      return;
  }
}

/// Time for which a wait polls before it sleeps: to sleep and be woken costs more than this, and for a batch
/// that takes longer the polling does not matter.
constexpr auto kSpin = std::chrono::microseconds(20);

template <class Done>
bool spin_until(Done done) {
  const auto end = Clock::now() + kSpin;
  do {
    for (int i = 0; i < 16; ++i) {
      if (done()) return true;
      pause_polling();
    }
  } while (Clock::now() < end);
  return false;
}

/// Waits on `end` until `done()`; throws a PeerError with `awaited` when the deadline passes first. Only time
/// in which this process runs counts, not time in which it was stopped.
template <class Done, class Awaited>
void wait_on(RingEnd& end, double timeout, Done done, Awaited awaited) {
  if (spin_until(done)) return;
  constexpr Clock::duration kSlice = std::chrono::seconds(1);
  for (OwnTime waited(2 * kSlice);;) {
    const std::uint32_t ticket = end.ticket();
    if (done()) return;
    const Clock::duration left = from_seconds(timeout) - waited.look();
    if (left <= Clock::duration::zero()) {
      throw PeerError(fmt::format("Waited {} for {}.", format_duration(timeout), awaited()));
    }
    end.wait(ticket, std::min(left, kSlice));
  }
}

}  // namespace

std::size_t SlotRing::bytes_needed(const BatchSpec& spec, std::size_t depth) noexcept {
  return kControlBytes + SlotPool::bytes_needed(spec, depth);
}

SlotRing::SlotRing(Mapping memory, const BatchSpec& spec, std::size_t depth, RingOptions options)
    : memory_(std::move(memory)), options_(std::move(options)) {
  ensure(depth > 0 && memory_.bytes().size() >= bytes_needed(spec, depth), "a ring larger than its memory");
  pool_ = SlotPool(memory_.bytes().subspan(kControlBytes), spec, depth);
}

std::shared_ptr<SlotRing> SlotRing::create(Mapping memory, const BatchSpec& spec, std::size_t depth,
                                           std::uint64_t token, RingOptions options) {
  std::shared_ptr<SlotRing> ring(new SlotRing(std::move(memory), spec, depth, std::move(options)));
  auto* control = new (ring->memory_.bytes().data()) RingControl;
  control->depth = depth;
  control->slot_bytes = spec.slot_bytes();
  control->token = token;
  return ring;
}

std::shared_ptr<SlotRing> SlotRing::attach(Mapping memory, const BatchSpec& spec, std::size_t depth,
                                           std::uint64_t token, RingOptions options) {
  std::shared_ptr<SlotRing> ring(new SlotRing(std::move(memory), spec, depth, std::move(options)));
  const RingControl& control = ring->control();
  if (control.magic != RingControl::kMagic || control.token != token || control.depth != depth ||
      control.slot_bytes != spec.slot_bytes()) {
    throw PeerError("The shared memory that was opened is not the batch ring of this run.");
  }
  return ring;
}

ChannelView SlotRing::view(const RingEnd& other) const noexcept {
  const bool finished = sender().state() == EndState::kFinished;
  const bool open =
      (finished || sender().state() == EndState::kOpen) && receiver().state() == EndState::kOpen;
  const std::uint64_t released = receiver().count();
  ChannelView now{sender().count(), released, pool_.depth(), open, finished, {}, other.stop_asked()};
  if (other.beats() != RingEnd::kNoBeats) now.beats = other.beats();
  return now;
}

void SlotRing::answer_wanted() noexcept {
  receiver().forget_wanted();
  sender().wake();
}

void SlotRing::lose_sender(const std::string& message) noexcept {
  sender().set_state(EndState::kLost, ExitCode::kPeerLost, message.c_str());
}

void SlotRing::lose_receiver(const std::string& message) noexcept {
  receiver().set_state(EndState::kLost, ExitCode::kPeerLost, message.c_str());
}

bool RingSender::wants_more() const {
  check(ring_->receiver());
  return !cancelled_.load(std::memory_order_acquire) && ring_->receiver().state() == EndState::kOpen;
}

std::optional<Slot> RingSender::acquire(std::uint64_t sequence) {
  const auto free = [&] { return sequence < ring_->receiver().count() + depth(); };
  wait_on(
      ring_->receiver(), ring_->options().acquire_timeout, [&] { return !wants_more() || free(); },
      [&] { return fmt::format("{} to take batch {}", ring_->options().receiver_name, sequence - depth()); });
  if (!wants_more()) return std::nullopt;
  return ring_->pool().slot(sequence);
}

std::optional<Slot> RingSender::try_acquire(std::uint64_t sequence) const {
  if (!wants_more() || sequence >= ring_->receiver().count() + depth()) return std::nullopt;
  return ring_->pool().slot(sequence);
}

void RingSender::publish(std::uint64_t sequence) {
  ensure(sequence == ring_->sender().count(), "batches are published in order");
  bytes_.fetch_add(ring_->pool().slot(sequence).used_bytes().size(), std::memory_order_relaxed);
  ring_->sender().set_count(sequence + 1);
}

void RingSender::publish_resend() {
  ring_->answer_wanted();
}

void RingSender::finish() {
  ring_->sender().set_state(EndState::kFinished);
}

void RingSender::fail(const Failure& failure) noexcept {
  ring_->sender().set_state(EndState::kFailed, failure.code, failure.message.c_str());
}

void RingSender::cancel() noexcept {
  cancelled_.store(true, std::memory_order_release);
  ring_->receiver().wake();
}

void RingSender::drain() {
  const std::uint64_t published = ring_->sender().count();
  wait_on(
      ring_->receiver(), ring_->options().acquire_timeout,
      [&] { return !wants_more() || ring_->receiver().count() >= published; },
      [&] { return fmt::format("{} to take the last batches", ring_->options().receiver_name); });
}

LinkStats RingSender::stats() const {
  const std::uint64_t batches = ring_->sender().count();
  return {batches, bytes_.load(std::memory_order_relaxed), 0};
}

std::size_t RingSender::waiting() const noexcept {
  // The receiver's count is read first: it never exceeds the sender's, which may grow in between.
  const std::uint64_t released = ring_->receiver().count();
  return std::min(static_cast<std::size_t>(ring_->sender().count() - released), depth());
}

RingReceiver::RingReceiver(const std::shared_ptr<SlotRing>& ring)
    : RingReceiver(ring, std::make_shared<RingLender>(ring)) {}

RingReceiver::RingReceiver(std::shared_ptr<SlotRing> ring, std::shared_ptr<RingLender> lender)
    : ring_(std::move(ring)), lender_(std::move(lender)) {}

std::size_t RingReceiver::ready() const noexcept {
  return static_cast<std::size_t>(ring_->sender().count() - next_);
}

bool RingReceiver::wait_ready() {
  RingEnd& sender = ring_->sender();
  const auto ended = [&] {
    check(sender);
    return sender.state() == EndState::kFinished && sender.count() == next_;
  };
  wait_on(
      sender, ring_->options().receive_timeout, [&] { return ended() || ready() > 0 || unwilling(); },
      [&] { return fmt::format("batch {} from {}", next_, ring_->options().sender_name); });
  return ready() > 0;
}

/// Returns whether to wait for no further batch, because this run is to stop.
bool RingReceiver::unwilling() const noexcept {
  return interrupted_.load(std::memory_order_acquire) || ring_->sender().stop_asked();
}

void RingReceiver::ask_stop() noexcept {
  interrupted_.store(true, std::memory_order_release);
  ring_->receiver().ask_stop();
  ring_->sender().wake();
}

std::unique_ptr<RingSender> RingReceiver::take_over() {
  RingEnd& lost = ring_->sender();
  // A sender that had finished is missed only by a receiver that waits for a batch again.
  const bool finished = lost.state() == EndState::kFinished && !ring_->receiver().resend_request();
  if (finished || lost.state() == EndState::kFailed) return nullptr;
  lost.take_over();
  return std::make_unique<RingSender>(ring_);
}

BatchLease RingReceiver::receive() {
  lender_->check();
  if (!wait_ready()) return {};
  const Slot slot = ring_->pool().slot(next_);
  try {
    check_arrived(slot);
  } catch (const PeerError& error) {
    if (ring_->options().checks == ChecksumKind::kNone) throw;
    receive_again(slot, error.what());
  }
  const Slot batch = as_used(slot);
  bytes_.fetch_add(slot.used_bytes().size(), std::memory_order_relaxed);
  return {lender_, batch, next_++};
}

/// Throws a PeerError unless the whole batch is as it was sent.
void RingReceiver::check_arrived(const Slot& slot) const {
  slot.verify(next_);
  if (const auto row = damaged_row(slot)) {
    throw PeerError(
        fmt::format("Batch {} was damaged on its way: row {} is not what was sent (checksum).", next_, *row));
  }
}

/// Requests the damaged batch again, and blocks until it has been made and sent.
void RingReceiver::receive_again(const Slot& slot, const std::string& why) {
  log_warning(why + " It is asked for once more.");
  ring_->receiver().want_again(next_);
  wait_on(
      ring_->sender(), ring_->options().receive_timeout,
      [&] {
        check(ring_->sender());
        return !ring_->receiver().resend_request();
      },
      [&] { return fmt::format("batch {} once more from {}", next_, ring_->options().sender_name); });
  check_arrived(slot);
}

void RingReceiver::close() noexcept {
  ring_->receiver().set_state(EndState::kFinished);
}

void RingReceiver::fail(const Failure& failure) noexcept {
  ring_->receiver().set_state(EndState::kFailed, failure.code, failure.message.c_str());
}

LinkStats RingReceiver::stats() const {
  return {next_, bytes_.load(std::memory_order_relaxed), 0};
}

}  // namespace feedline

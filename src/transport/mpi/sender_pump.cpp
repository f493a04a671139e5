#include "sender_pump.hpp"

#include <algorithm>
#include <utility>

namespace feedline {

SenderPump::SenderPump(std::shared_ptr<SlotRing> ring, Messenger& messenger, int peer, double silence_timeout,
                       std::unique_ptr<Outbound> outbound)
    : Pump(std::move(ring), messenger, peer, silence_timeout), outbound_(std::move(outbound)) {}

void SenderPump::send_again(const Slot& slot) noexcept {
  again_ = slot;
  again_ready_.store(true, std::memory_order_release);
  ring_->receiver().forget_wanted();
  ring_->sender().wake();
}

bool SenderPump::turn() {
  bool moved = false;
  while (auto word = control_.poll()) {
    obey(*word);
    moved = true;
  }
  moved = send_published() || moved;
  answer();
  moved = free_slots() || moved;
  tell_stop();
  if (!said_bye_ && outbound_->idle() && nothing_more_to_send()) say_bye();
  return moved;
}

void SenderPump::obey(const ControlMessage& word) {
  switch (word.kind) {
    case ControlMessage::kCredits:
      credits_ = word.value;
      break;
    case ControlMessage::kAgain:
      ring_->receiver().want_again(word.value);
      break;
    case ControlMessage::kStop:
      ring_->receiver().ask_stop();
      break;
    case ControlMessage::kClosed:
      ring_->receiver().set_state(EndState::kFinished);
      break;
    case ControlMessage::kFailed:
      ring_->receiver().set_state(EndState::kFailed, static_cast<ExitCode>(word.code), word.text.data());
      break;
    case ControlMessage::kBroken:
      obey_broken(word);
      break;
    default:
      break;
  }
}

bool SenderPump::send_published() {
  bool moved = false;
  if (said_bye_) return moved;  // the receiver knows how many batches come and takes no more
  while (next_ < std::min(credits_, ring_->sender().count()) && outbound_->room() &&
         ring_->receiver().state() == EndState::kOpen) {
    if (outbound_->idle()) busy_since_ = Clock::now();
    outbound_->send(ring_->pool().slot(next_));
    ++next_;
    moved = true;
  }
  return moved;
}

bool SenderPump::free_slots() {
  const bool busy = !outbound_->idle();
  const std::uint64_t count = outbound_->left();
  left_ += count;
  if (count > 0) ring_->receiver().set_count(left_);
  if (busy && outbound_->idle())
    seconds_.store(seconds() + seconds_since(busy_since_), std::memory_order_relaxed);
  return count > 0;
}

void SenderPump::answer() {
  if (outbound_->room() && again_ready_.exchange(false, std::memory_order_acq_rel))
    outbound_->send_again(again_);
}

void SenderPump::tell_stop() {
  if (told_stop_ || said_bye_ || !ring_->sender().stop_asked()) return;
  ControlMessage stop;
  stop.kind = ControlMessage::kStop;
  control_.send(stop);
  told_stop_ = true;
}

bool SenderPump::nothing_more_to_send() const {
  const EndState mine = ring_->sender().state();
  const EndState theirs = ring_->receiver().state();
  if (theirs == EndState::kLost) return false;  // to report an orderly end would be false
  return theirs != EndState::kOpen || mine == EndState::kFailed ||
         (mine == EndState::kFinished && next_ == ring_->sender().count());
}

void SenderPump::say_bye() {
  const RingEnd& mine = ring_->sender();
  ControlMessage last;
  last.kind = ControlMessage::kFinished;
  if (mine.state() == EndState::kFailed)
    last = make_failure_message(mine.failure_code(), mine.failure_message());
  last.value = next_;
  control_.send(last);
  ControlMessage bye;
  bye.kind = ControlMessage::kBye;
  control_.send(bye);
  said_bye_ = true;
}

}  // namespace feedline

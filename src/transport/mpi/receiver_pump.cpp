#include "receiver_pump.hpp"

#include <algorithm>
#include <utility>

namespace feedline {

ReceiverPump::ReceiverPump(std::shared_ptr<SlotRing> ring, Messenger& messenger, int peer,
                           double silence_timeout, std::unique_ptr<Inbound> inbound)
    : Pump(std::move(ring), messenger, peer, silence_timeout), inbound_(std::move(inbound)) {}

bool ReceiverPump::turn() {
  bool moved = false;
  while (auto word = control_.poll()) {
    obey(*word);
    moved = true;
  }
  moved = publish_arrived() || moved;
  moved = give_credit() || moved;
  moved = ask_again() || moved;
  tell_stop();
  if (!told_end_ && nothing_more_wanted()) tell_end();
  if (told_end_ && !said_bye_ && settled()) say_bye();
  return moved;
}

void ReceiverPump::obey(const ControlMessage& word) {
  switch (word.kind) {
    case ControlMessage::kFinished:
      end_after(word.value);
      break;
    case ControlMessage::kStop:
      ring_->sender().ask_stop();
      break;
    case ControlMessage::kFailed:
      ring_->sender().set_state(EndState::kFailed, static_cast<ExitCode>(word.code), word.text.data());
      end_after(word.value);
      break;
    case ControlMessage::kBroken:
      obey_broken(word);
      break;
    default:
      break;
  }
}

/// The sender has sent `total` batches and will send no more: further expected batches will not come. Control
/// messages may overtake batches, so the batches before are still awaited.
void ReceiverPump::end_after(std::uint64_t total) {
  total_ = total;
  for (; expected_ > total; --expected_) inbound_->expect_less();
}

bool ReceiverPump::publish_arrived() {
  const std::uint64_t count = inbound_->arrived();
  arrived_ += count;
  if (count > 0) ring_->sender().set_count(arrived_);
  if (arrived_ == total_) ring_->sender().set_state(EndState::kFinished);
  return count > 0;
}

bool ReceiverPump::give_credit() {
  const std::uint64_t free_until = inbound_->reusable(ring_->receiver().count()) + ring_->pool().depth();
  bool moved = false;
  for (; !told_end_ && expected_ < std::min(free_until, total_); ++expected_) {
    inbound_->expect(ring_->pool().slot(expected_));
    moved = true;
  }
  if (moved) {
    ControlMessage credits;
    credits.kind = ControlMessage::kCredits;
    credits.value = expected_;
    control_.send(credits);
  }
  return moved;
}

bool ReceiverPump::ask_again() {
  if (const auto wanted = ring_->receiver().resend_request(); wanted && !asked_again_ && !told_end_) {
    inbound_->expect_again(*wanted, ring_->pool().slot(*wanted));
    asked_again_ = true;
    ControlMessage again;
    again.kind = ControlMessage::kAgain;
    again.value = *wanted;
    control_.send(again);
    return true;
  }
  if (!asked_again_ || !inbound_->again_arrived()) return false;
  asked_again_ = false;
  ring_->answer_wanted();
  return true;
}

bool ReceiverPump::nothing_more_wanted() const {
  if (ring_->receiver().state() != EndState::kOpen) return true;
  // A batch that has arrived may be damaged and requested again: it counts as taken only when it is released.
  const EndState theirs = ring_->sender().state();
  if (theirs == EndState::kLost) return false;  // to report an orderly end would be false
  return theirs == EndState::kFinished ? ring_->receiver().count() == total_ : theirs != EndState::kOpen;
}

void ReceiverPump::tell_stop() {
  if (told_stop_ || told_end_ || !ring_->receiver().stop_asked()) return;
  ControlMessage stop;
  stop.kind = ControlMessage::kStop;
  control_.send(stop);
  told_stop_ = true;
}

void ReceiverPump::tell_end() {
  const RingEnd& mine = ring_->receiver();
  ControlMessage closed;
  closed.kind = ControlMessage::kClosed;
  control_.send(mine.state() == EndState::kFailed
                    ? make_failure_message(mine.failure_code(), mine.failure_message())
                    : closed);
  told_end_ = true;
}

/// Says bye. The sender stays until then, since its batches on the way need its end of the channel.
void ReceiverPump::say_bye() {
  ControlMessage bye;
  bye.kind = ControlMessage::kBye;
  control_.send(bye);
  said_bye_ = true;
}

}  // namespace feedline

#include "pump.hpp"

#include <feedline/transport/local.hpp>
#include <feedline/transport/mpi.hpp>

#include <deque>
#include <utility>

namespace feedline {

class MpiSender::Pump final : public feedline::Pump {
 public:
  using feedline::Pump::Pump;

  /// Has that slot sent, which must stay as it is until the next. Any thread.
  void send_again(const Slot& slot) noexcept {
    again_ = slot;
    again_ready_.store(true, std::memory_order_release);
    ring_->receiver().forget_wanted();
    ring_->sender().wake();
  }

  double seconds() const noexcept { return seconds_.load(std::memory_order_relaxed); }

 private:
  struct InFlight {
    std::uint64_t sequence;
    Request request;
  };

  bool turn() override {
    bool moved = false;
    while (auto word = control_.poll()) {
      obey(*word);
      moved = true;
    }
    moved = send_published() || moved;
    moved = complete_sends() || moved;
    if (again_ready_.exchange(false, std::memory_order_acq_rel))
      sending_again_ = communicator_.isend(again_.used_bytes(), peer_, kAgainTag);
    sending_again_.test();
    tell_stop();
    if (!said_bye_ && in_flight_.empty() && nothing_more_to_send()) say_bye();
    return moved;
  }

  void obey(const ControlMessage& word) {
    switch (word.kind) {
      case ControlMessage::kCredits:
        credits_ = word.value;
        break;
      case ControlMessage::kAgain:
        ring_->receiver().want_again(word.value);
        break;
      case ControlMessage::kClosed:
        ring_->receiver().set_state(EndState::kFinished);
        break;
      case ControlMessage::kFailed:
        ring_->receiver().set_state(EndState::kFailed, static_cast<ExitCode>(word.code), word.text.data());
        break;
      default:
        break;
    }
  }

  bool send_published() {
    bool moved = false;
    if (said_bye_) return moved;  // the receiver has been told how many come, and takes no more
    while (next_ < std::min(credits_, ring_->sender().count()) &&
           ring_->receiver().state() == EndState::kOpen) {
      if (in_flight_.empty()) busy_since_ = Clock::now();
      in_flight_.push_back(
          {next_, communicator_.isend(ring_->pool().slot(next_).used_bytes(), peer_, kDataTag)});
      ++next_;
      moved = true;
    }
    return moved;
  }

  bool complete_sends() {
    bool moved = false;
    while (!in_flight_.empty() && in_flight_.front().request.test()) {
      ring_->receiver().set_count(in_flight_.front().sequence + 1);
      in_flight_.pop_front();
      moved = true;
      if (in_flight_.empty())
        seconds_.store(seconds() + seconds_since(busy_since_), std::memory_order_relaxed);
    }
    return moved;
  }

  void tell_stop() {
    if (told_stop_ || said_bye_ || !ring_->sender().stop_asked()) return;
    ControlMessage stop;
    stop.kind = ControlMessage::kStop;
    control_.send(stop);
    told_stop_ = true;
  }

  bool nothing_more_to_send() const {
    const EndState mine = ring_->sender().state();
    const EndState theirs = ring_->receiver().state();
    if (theirs == EndState::kLost) return false;  // a word of an orderly end would be untrue
    return theirs != EndState::kOpen || mine == EndState::kFailed ||
           (mine == EndState::kFinished && next_ == ring_->sender().count());
  }

  void say_bye() {
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

  void lose_peer(const std::string& message) noexcept override { ring_->lose_receiver(message); }
  RingEnd& awaited_end() noexcept override { return ring_->sender(); }
  bool settled() const noexcept override { return in_flight_.empty(); }

  std::uint64_t next_ = 0;
  std::uint64_t credits_ = 0;
  std::deque<InFlight> in_flight_;
  Clock::time_point busy_since_;
  std::atomic<double> seconds_{0};
  bool said_bye_ = false;
  bool told_stop_ = false;
  Slot again_;
  std::atomic<bool> again_ready_{false};
  Request sending_again_;
};

MpiSender::MpiSender(Communicator& communicator, const BatchSpec& spec, std::size_t depth,
                     const MpiChannelOptions& options)
    : MpiSender(make_local_ring(spec, depth, options.ring), communicator, options) {}

MpiSender::MpiSender(std::shared_ptr<SlotRing> ring, Communicator& communicator,
                     const MpiChannelOptions& options)
    : RingSender(ring),
      ring_(ring),
      pump_(std::make_unique<Pump>(ring, communicator, options.peer, options.silence_timeout)) {}

MpiSender::~MpiSender() {
  if (ring_->sender().state() == EndState::kOpen)
    fail({ExitCode::kInternal, "The sender ended without a word."});
  join();
}

void MpiSender::start() {
  pump_->start();
}

void MpiSender::join() noexcept {
  pump_->join();
}

void MpiSender::lose_peer(const std::string& message) noexcept {
  ring_->lose_receiver(message);
  pump_->give_up();
}

Slot MpiSender::slot_again(std::uint64_t) {
  if (again_.bytes().empty()) again_ = Mapping::anonymous(spec().slot_bytes());
  return {again_.bytes().data(), spec()};
}

void MpiSender::publish_again() {
  pump_->send_again({again_.bytes().data(), spec()});
}

LinkStats MpiSender::stats() const {
  LinkStats stats = RingSender::stats();
  stats.seconds = pump_->seconds();
  return stats;
}

}  // namespace feedline

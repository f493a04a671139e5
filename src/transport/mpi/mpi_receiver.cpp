#include "pump.hpp"

#include <feedline/transport/local.hpp>
#include <feedline/transport/mpi.hpp>

#include <deque>
#include <limits>
#include <utility>

namespace feedline {

class MpiReceiver::Pump final : public feedline::Pump {
 public:
  using feedline::Pump::Pump;

 private:
  bool turn() override {
    bool moved = false;
    while (auto word = control_.poll()) {
      obey(*word);
      moved = true;
    }
    moved = publish_arrived() || moved;
    moved = post_receives() || moved;
    moved = ask_again() || moved;
    if (!said_bye_ && nothing_more_wanted()) say_bye();
    return moved;
  }

  void obey(const ControlMessage& word) {
    switch (word.kind) {
      case ControlMessage::kFinished:
        expect(word.value);
        break;
      case ControlMessage::kStop:
        ring_->sender().ask_stop();
        break;
      case ControlMessage::kFailed:
        ring_->sender().set_state(EndState::kFailed, static_cast<ExitCode>(word.code), word.text.data());
        expect(word.value);
        break;
      default:
        break;
    }
  }

  /// The sender has sent `total` batches and will send no more: receives posted beyond match nothing. Words
  /// may overtake batches, so those before are still waited for.
  void expect(std::uint64_t total) {
    total_ = total;
    for (; arrived_ + posted_.size() > total; posted_.pop_back()) posted_.back().cancel();
  }

  bool publish_arrived() {
    bool moved = false;
    while (!posted_.empty() && posted_.front().test()) {
      posted_.pop_front();
      ring_->sender().set_count(++arrived_);
      moved = true;
    }
    if (arrived_ == total_) ring_->sender().set_state(EndState::kFinished);
    return moved;
  }

  bool post_receives() {
    const std::uint64_t free_until = ring_->receiver().count() + ring_->pool().depth();
    bool moved = false;
    while (!said_bye_ && arrived_ + posted_.size() < std::min(free_until, total_)) {
      posted_.push_back(
          communicator_.irecv(ring_->pool().slot(arrived_ + posted_.size()).bytes(), peer_, kDataTag));
      moved = true;
    }
    if (moved) {
      ControlMessage credits;
      credits.kind = ControlMessage::kCredits;
      credits.value = arrived_ + posted_.size();
      control_.send(credits);
    }
    return moved;
  }

  bool ask_again() {
    if (const auto wanted = ring_->receiver().wanted_again(); wanted && !again_.active() && !said_bye_) {
      ring_->receiver().forget_wanted();
      again_ = communicator_.irecv(ring_->pool().slot(*wanted).bytes(), peer_, kAgainTag);
      ControlMessage again;
      again.kind = ControlMessage::kAgain;
      again.value = *wanted;
      control_.send(again);
      return true;
    }
    if (!again_.active() || !again_.test()) return false;
    ring_->sender().add_answered();
    return true;
  }

  bool nothing_more_wanted() const {
    if (ring_->receiver().state() != EndState::kOpen) return true;
    // What has arrived may be damaged, and be wanted once more: it is done with when it is released.
    const EndState theirs = ring_->sender().state();
    if (theirs == EndState::kLost) return false;  // a word of an orderly end would be untrue
    return theirs == EndState::kFinished ? ring_->receiver().count() == total_ : theirs != EndState::kOpen;
  }

  void say_bye() {
    const RingEnd& mine = ring_->receiver();
    ControlMessage closed;
    closed.kind = ControlMessage::kClosed;
    control_.send(mine.state() == EndState::kFailed
                      ? make_failure_message(mine.failure_code(), mine.failure_message())
                      : closed);
    ControlMessage bye;
    bye.kind = ControlMessage::kBye;
    control_.send(bye);
    said_bye_ = true;
  }

  void lose_peer(const std::string& message) noexcept override { ring_->lose_sender(message); }
  RingEnd& awaited_end() noexcept override { return ring_->receiver(); }
  bool settled() const noexcept override { return arrived_ == total_; }

  std::deque<Request> posted_;
  Request again_;
  std::uint64_t arrived_ = 0;
  std::uint64_t total_ = std::numeric_limits<std::uint64_t>::max();
  bool said_bye_ = false;
};

MpiReceiver::MpiReceiver(Communicator& communicator, const BatchSpec& spec, std::size_t depth,
                         const MpiChannelOptions& options)
    : MpiReceiver(make_local_ring(spec, depth, options.ring), communicator, options) {}

MpiReceiver::MpiReceiver(std::shared_ptr<SlotRing> ring, Communicator& communicator,
                         const MpiChannelOptions& options)
    : RingReceiver(ring),
      ring_(ring),
      pump_(std::make_unique<Pump>(ring, communicator, options.peer, options.silence_timeout)) {}

MpiReceiver::~MpiReceiver() {
  close();
  join();
}

void MpiReceiver::start() {
  pump_->start();
}

void MpiReceiver::join() noexcept {
  pump_->join();
}

void MpiReceiver::lose_peer(const std::string& message) noexcept {
  ring_->lose_sender(message);
  pump_->give_up();
}

/// Batches that were half received are made anew in their slots; nobody drives MPI any more.
std::unique_ptr<BatchSender> MpiReceiver::take_over() {
  pump_->give_up();
  pump_->join();
  return RingReceiver::take_over();
}

}  // namespace feedline

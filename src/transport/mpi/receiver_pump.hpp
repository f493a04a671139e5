#pragma once

#include "carriers.hpp"
#include "pump.hpp"

#include <cstdint>
#include <limits>
#include <memory>

namespace feedline {

/// The receiver's thread: makes an Inbound expect a batch for every free slot, and gives the sender credit.
class ReceiverPump final : public Pump {
 public:
  ReceiverPump(std::shared_ptr<SlotRing> ring, Messenger& messenger, int peer, double silence_timeout,
               std::unique_ptr<Inbound> inbound);

 private:
  bool turn() override;
  void obey(const ControlMessage& word);
  void end_after(std::uint64_t total);
  bool publish_arrived();
  bool give_credit();
  bool ask_again();
  bool nothing_more_wanted() const;
  void tell_stop();
  void tell_end();
  void say_bye();
  void lose_peer(const std::string& message) noexcept override { ring_->lose_sender(message); }
  void fail_user(ExitCode code, const std::string& message) noexcept override {
    ring_->sender().set_state(EndState::kFailed, code, message.c_str());
  }
  RingEnd& awaited_end() noexcept override { return ring_->receiver(); }
  bool settled() const noexcept override { return arrived_ == total_; }
  void abandon() noexcept override { inbound_->abandon(); }

  std::unique_ptr<Inbound> inbound_;
  std::uint64_t expected_ = 0;
  std::uint64_t arrived_ = 0;
  std::uint64_t total_ = std::numeric_limits<std::uint64_t>::max();
  bool asked_again_ = false;
  bool told_stop_ = false;
  bool told_end_ = false;  ///< The sender knows that no more batches are wanted
  bool said_bye_ = false;
};

}  // namespace feedline

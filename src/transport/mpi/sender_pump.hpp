#pragma once

#include "carriers.hpp"
#include "pump.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace feedline {

/// The sender's thread: passes published batches to an Outbound, as far as there is credit.
class SenderPump final : public Pump {
 public:
  SenderPump(std::shared_ptr<SlotRing> ring, Messenger& messenger, int peer, double silence_timeout,
             std::unique_ptr<Outbound> outbound);

  /// Has `slot` sent; it must stay unchanged until the next call. Any thread.
  void send_again(const Slot& slot) noexcept;

  /// Seconds in which batches were in transit.
  double seconds() const noexcept { return seconds_.load(std::memory_order_relaxed); }
  DeviceTimes device_times() const noexcept { return outbound_->device_times(); }
  std::optional<std::uint64_t> bytes_out() const noexcept { return outbound_->bytes_out(); }

 private:
  bool turn() override;
  void obey(const ControlMessage& word);
  bool send_published();
  bool free_slots();
  void answer();
  void tell_stop();
  bool nothing_more_to_send() const;
  void say_bye();
  void lose_peer(const std::string& message) noexcept override { ring_->lose_receiver(message); }
  void fail_user(ExitCode code, const std::string& message) noexcept override {
    ring_->receiver().set_state(EndState::kFailed, code, message.c_str());
  }
  RingEnd& awaited_end() noexcept override { return ring_->sender(); }
  bool settled() const noexcept override { return outbound_->idle(); }
  void abandon() noexcept override { outbound_->abandon(); }

  std::unique_ptr<Outbound> outbound_;
  std::uint64_t next_ = 0;  ///< Next batch to be sent
  std::uint64_t left_ = 0;  ///< Batches that no longer need their slots
  std::uint64_t credits_ = 0;
  Clock::time_point busy_since_;
  std::atomic<double> seconds_{0};
  bool said_bye_ = false;
  bool told_stop_ = false;
  Slot again_;
  std::atomic<bool> again_ready_{false};
};

}  // namespace feedline

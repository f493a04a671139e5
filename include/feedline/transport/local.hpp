#pragma once

#include <feedline/transport/slot_ring.hpp>

#include <memory>
#include <string>

namespace feedline {

/// Makes a ring in this process's own memory: sender and receiver are threads. Throws UsageError when the
/// memory cannot be allocated.
std::shared_ptr<SlotRing> make_local_ring(const BatchSpec& spec, std::size_t depth, RingOptions options = {});

/// The control of a channel whose two ends are in this process. It is that of the receiving end, except that
/// the traffic is what was sent.
class LocalControl final : public ChannelControl {
 public:
  LocalControl(std::shared_ptr<RingSender> sender, std::shared_ptr<RingReceiver> receiver)
      : sender_(std::move(sender)), receiver_(std::move(receiver)) {}

  void lose_peer(const std::string& message) noexcept override { receiver_->lose_peer(message); }
  void beat() noexcept override { receiver_->beat(); }
  ChannelView view() const noexcept override { return receiver_->view(); }
  void ask_stop() noexcept override { receiver_->ask_stop(); }
  LinkStats stats() const override { return sender_->stats(); }
  std::vector<std::span<std::byte>> memory() const override { return receiver_->memory(); }

 private:
  std::shared_ptr<RingSender> sender_;
  std::shared_ptr<RingReceiver> receiver_;
};

}  // namespace feedline

#pragma once

#include <feedline/comm/messenger.hpp>
#include <feedline/transport/slot_ring.hpp>

#include <cstddef>
#include <memory>

namespace feedline {

class Outbound;
class Inbound;
class SenderPump;
class ReceiverPump;

/// The channel between nodes. Each end has a ring in host memory and one thread that moves slots from ring to
/// ring; see ChannelControl::start for the other threads that may call MPI meanwhile. The receiver posts its
/// receives into free slots and reports how many it has posted; the sender sends nothing without such a
/// credit. Both ends show a sign of life every second.
struct MpiChannelOptions {
  RingOptions ring;
  int peer = 0;                ///< Rank of the other end
  double silence_timeout = 8;  ///< Seconds without any message from the peer after which it counts as lost
};

/// The end on the data rank. No batch moves before `start`.
class MpiSender : public RingSender {
 public:
  MpiSender(Messenger& messenger, const BatchSpec& spec, std::size_t depth, const MpiChannelOptions& options);
  ~MpiSender() override;

  Slot resend_slot(std::uint64_t sequence) override;
  void publish_resend() override;
  LinkStats stats() const override;

  void start() override;
  void join() noexcept override;
  void lose_peer(const std::string& message) noexcept override;

 protected:
  /// Uses another carrier than MPI for the batches.
  MpiSender(std::shared_ptr<SlotRing> ring, Messenger& messenger, const MpiChannelOptions& options,
            std::unique_ptr<Outbound> outbound);

 private:
  std::shared_ptr<SlotRing> ring_;
  Mapping again_;  ///< Slot for a batch that is sent again: its own slot may hold another batch by then
  std::unique_ptr<SenderPump> pump_;
};

/// The end on the model rank.
class MpiReceiver : public RingReceiver {
 public:
  MpiReceiver(Messenger& messenger, const BatchSpec& spec, std::size_t depth,
              const MpiChannelOptions& options);
  ~MpiReceiver() override;

  void start() override;
  void join() noexcept override;
  void lose_peer(const std::string& message) noexcept override;
  std::unique_ptr<RingSender> take_over() override;

 protected:
  /// Uses another carrier than MPI for the batches, which also takes batches back.
  MpiReceiver(const std::shared_ptr<SlotRing>& ring, std::shared_ptr<RingLender> lender, Messenger& messenger,
              const MpiChannelOptions& options, std::unique_ptr<Inbound> inbound);

 private:
  MpiReceiver(const std::shared_ptr<SlotRing>& ring, Messenger& messenger, const MpiChannelOptions& options);

  std::unique_ptr<ReceiverPump> pump_;
};

}  // namespace feedline

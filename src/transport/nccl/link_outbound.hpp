#pragma once

#include "../mpi/carriers.hpp"
#include "link_user.hpp"
#include "overlap_meter.hpp"
#include "preparation.hpp"
#include "span_lane.hpp"
#include "transfer_head.hpp"

#include <feedline/comm/messenger.hpp>
#include <feedline/transport/nccl.hpp>
#include <feedline/transport/slot_ring.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace feedline {

/// Carries batches from a ring in host memory through the memory of a device to another device: the copy to
/// the first device and its preparations run on one stream, the header goes by MPI, the payload goes over the
/// link on another stream. The device holds a few places, so that copies and transfers overlap.
class LinkOutbound final : public Outbound {
 public:
  static constexpr std::size_t kPlaces = 3;

  /// The ring's memory is pinned where possible. `messenger` and `ring` must outlive this object.
  /// `preparation` has kPlaces places.
  LinkOutbound(Messenger& messenger, const NcclChannelOptions& options, const SlotRing& ring,
               std::shared_ptr<DeviceRuntime> device, std::unique_ptr<Preparation> preparation,
               std::shared_ptr<DeviceLink> link);

  bool room() const noexcept override { return begun_ - sent_ < places_.size(); }
  void send(const Slot& slot) override { begin(slot, false); }
  void send_again(const Slot& slot) override { begin(slot, true); }
  std::uint64_t left() override;
  bool idle() const noexcept override { return sent_ == begun_; }
  void abandon() noexcept override { user_.abandon(); }
  DeviceTimes device_times() const noexcept override { return meter_.times(); }
  std::optional<std::uint64_t> bytes_out() const noexcept override { return bytes_out_; }

 private:
  struct Place {
    std::unique_ptr<Event> copied, sent;
    std::vector<std::byte> message;  ///< TransferHead, slot header
    Request told;
    std::span<const std::byte> payload;
    std::uint64_t sequence = 0;
    bool again = false;

    std::span<std::byte> header() noexcept { return std::span(message).subspan(sizeof(TransferHead)); }
    Clock::time_point begun{};    ///< Start of its copy
    Clock::time_point sending{};  ///< Time since which only the peer is awaited
    Clock::duration deadline{};
  };

  std::size_t index(std::uint64_t number) const noexcept { return number % places_.size(); }
  Place& place(std::uint64_t number) { return places_[index(number)]; }
  void begin(const Slot& slot, bool again);
  void tell(std::uint64_t number);
  void hand_over();
  std::uint64_t free_slots();
  void finish_sent();

  Messenger& messenger_;
  int peer_;
  std::shared_ptr<DeviceRuntime> device_;
  std::unique_ptr<DeviceMemory> pinned_;
  std::unique_ptr<Preparation> preparation_;
  std::vector<Place> places_;
  std::unique_ptr<Stream> copies_;
  LinkUser user_;
  SpanLane copy_lane_, transfer_lane_;
  OverlapMeter meter_;
  std::atomic<std::uint64_t> bytes_out_{0};

  // Numbers of transfers, in order, that have reached each state.
  std::uint64_t begun_ = 0;  ///< The copy is enqueued
  std::uint64_t freed_ = 0;  ///< Its slot is free, its header on its way
  std::uint64_t sent_ = 0;   ///< The transfer is complete
};

}  // namespace feedline

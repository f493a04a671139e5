#pragma once

#include "../mpi/carriers.hpp"
#include "device_slots.hpp"
#include "link_user.hpp"
#include "span_lane.hpp"
#include "transfer_head.hpp"

#include <feedline/comm/messenger.hpp>
#include <feedline/transport/nccl.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace feedline {

/// The other end of a LinkOutbound: headers arrive as messages in the slots of a ring in host memory,
/// payloads over the link in slots of the device, where their rows are summed for the verification of their
/// checksums.
class LinkInbound final : public Inbound {
 public:
  /// `slots` has as many places as the ring. `messenger`, `spec` and `device` must outlive this.
  LinkInbound(Messenger& messenger, const NcclChannelOptions& options, const BatchSpec& spec,
              std::shared_ptr<DeviceSlots> slots, DeviceRuntime& device, std::shared_ptr<DeviceLink> link);

  /// Cancels the receives for headers that did not arrive.
  ~LinkInbound() override;

  void expect(const Slot& slot) override { expected_.push_back(slot); }
  void expect_less() override { expected_.pop_back(); }
  std::uint64_t arrived() override;
  void expect_again(std::uint64_t sequence, const Slot& slot) override { again_ = {sequence, slot}; }
  bool again_arrived() override { return std::exchange(again_arrived_, false); }
  std::uint64_t reusable(std::uint64_t released) override { return slots_->unused(released); }
  void abandon() noexcept override { user_.abandon(); }

 private:
  struct Message {
    std::vector<std::byte> bytes;  ///< TransferHead, slot header
    Request request;
  };
  struct Again {
    std::uint64_t sequence = 0;
    Slot slot;
  };
  /// A transfer that is announced and not complete.
  struct Transfer {
    TransferHead head;
    std::vector<std::byte> header;
    Clock::time_point handed{};
    Clock::duration deadline{};

    std::byte* bytes() noexcept { return header.data() + sizeof(TransferHead); }
  };

  Transfer& transfer(std::uint64_t number) { return transfers_[number - finished_]; }
  void post(std::vector<std::byte> buffer);
  void take_headers();
  TransferHead read(const std::vector<std::byte>& message) const;
  void check(const TransferHead& head) const;
  void hand_over();
  bool finish_first(std::uint64_t& batches);

  Messenger& messenger_;
  int peer_;
  const BatchSpec& spec_;
  std::shared_ptr<DeviceSlots> slots_;
  LinkUser user_;
  SpanLane lane_;
  std::deque<Message> posted_;
  std::deque<Slot> expected_;       ///< Slots, in order, of batches that have not arrived
  std::deque<Transfer> transfers_;  ///< Transfers, in order
  std::uint64_t announced_ = 0;     ///< Transfers announced since the start
  std::uint64_t finished_ = 0;      ///< Announced transfers that are complete
  std::uint64_t next_ = 0;          ///< Next batch to be announced
  std::uint64_t completed_ = 0;     ///< Batches completed
  std::optional<Again> again_;      ///< Batch that is to arrive again
  bool again_arrived_ = false;
};

}  // namespace feedline

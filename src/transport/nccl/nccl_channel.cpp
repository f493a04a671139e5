#include "../ring_lender.hpp"
#include "device_slots.hpp"
#include "link_inbound.hpp"
#include "link_outbound.hpp"
#include "preparation.hpp"

#include <feedline/transport/local.hpp>
#include <feedline/transport/nccl.hpp>

#include <exception>
#include <memory>
#include <mutex>
#include <utility>

namespace feedline {

NcclSender::NcclSender(Messenger& messenger, const BatchSpec& spec, std::size_t depth,
                       const NcclChannelOptions& options, std::shared_ptr<DeviceRuntime> device,
                       std::shared_ptr<DeviceLink> link)
    : NcclSender(make_local_ring(spec, depth, options.ring), messenger, options, device,
                 make_copy_preparation(device, spec, LinkOutbound::kPlaces), std::move(link)) {}

NcclSender::NcclSender(Messenger& messenger, std::shared_ptr<DeviceTransform> transform, std::size_t depth,
                       const NcclChannelOptions& options, std::shared_ptr<DeviceRuntime> device,
                       std::shared_ptr<DeviceLink> link)
    : NcclSender(make_local_ring(transform->takes(), depth, options.ring), messenger, options, device,
                 make_transforming_preparation(device, transform, LinkOutbound::kPlaces), std::move(link)) {}

NcclSender::NcclSender(std::shared_ptr<SlotRing> ring, Messenger& messenger,
                       const NcclChannelOptions& options, std::shared_ptr<DeviceRuntime> device,
                       std::unique_ptr<Preparation> preparation, std::shared_ptr<DeviceLink> link)
    : MpiSender(ring, messenger, options,
                std::make_unique<LinkOutbound>(messenger, options, *ring, std::move(device),
                                               std::move(preparation), std::move(link))) {}

/// Takes batches back whose tensors are on the device.
class NcclReceiver::Lender final : public RingLender {
 public:
  Lender(std::shared_ptr<SlotRing> ring, std::shared_ptr<DeviceSlots> slots, Stream& uses)
      : RingLender(std::move(ring)), slots_(std::move(slots)), uses_(&uses) {}

  void take_back(std::uint64_t number) noexcept override {
    if (mark_use(number)) RingLender::take_back(number);
  }

  void check() const override {
    const std::lock_guard lock(mutex_);
    if (error_) std::rethrow_exception(error_);
  }

  /// Called when the receiver ends: the stream is used no more.
  void leave_stream() noexcept {
    const std::lock_guard lock(mutex_);
    uses_ = nullptr;
  }

 private:
  /// Returns false when the device has failed; the place is then not used again.
  bool mark_use(std::uint64_t number) noexcept {
    const std::lock_guard lock(mutex_);
    try {
      if (uses_ != nullptr) slots_->release(number, *uses_);
      return true;
    } catch (...) {
      error_ = std::current_exception();
      return false;
    }
  }

  std::shared_ptr<DeviceSlots> slots_;
  mutable std::mutex mutex_;
  Stream* uses_;
  std::exception_ptr error_;
};

/// The parts that the base class and this class share.
struct NcclReceiver::Parts {
  std::shared_ptr<SlotRing> ring;  ///< Ring to which only headers are written while the peer lives
  std::shared_ptr<DeviceSlots> slots;
  std::shared_ptr<Lender> lender;

  Parts(const BatchSpec& spec, std::size_t count, const RingOptions& options,
        const std::shared_ptr<DeviceRuntime>& device, Stream& uses)
      : ring(SlotRing::create(Mapping::reserved(SlotRing::bytes_needed(spec, count)), spec, count, 0,
                              options)),
        slots(std::make_shared<DeviceSlots>(device, ring->pool().spec(), count)),
        lender(std::make_shared<Lender>(ring, slots, uses)) {}
};

NcclReceiver::NcclReceiver(Messenger& messenger, const BatchSpec& spec, const NcclChannelOptions& options,
                           std::shared_ptr<DeviceRuntime> device, std::shared_ptr<DeviceLink> link,
                           Stream& uses, std::size_t slots)
    : NcclReceiver(Parts(spec, slots, options.ring, device, uses), messenger, options, *device,
                   std::move(link), uses) {}

NcclReceiver::NcclReceiver(const Parts& parts, Messenger& messenger, const NcclChannelOptions& options,
                           DeviceRuntime& device, std::shared_ptr<DeviceLink> link, Stream& uses)
    : MpiReceiver(parts.ring, parts.lender, messenger, options,
                  std::make_unique<LinkInbound>(messenger, options, parts.ring->pool().spec(), parts.slots,
                                                device, std::move(link))),
      slots_(parts.slots),
      device_lender_(parts.lender),
      uses_(uses) {}

NcclReceiver::~NcclReceiver() {
  device_lender_->leave_stream();
  wait_until_idle(uses_);  // its work reads the memory that is freed now
}

Slot NcclReceiver::as_used(const Slot& slot) {
  if (is_ours(slot.header().sequence)) slots_->bring(slot, uses_);
  return slots_->view(slot);
}

std::optional<std::uint32_t> NcclReceiver::damaged_row(const Slot& slot) const {
  const std::uint64_t sequence = slot.header().sequence;
  return is_ours(sequence) ? slot.damaged_row() : slot.damaged_row(slots_->sums(sequence));
}

/// The sender that takes the lost sender's place. The batches that it makes again came over the link before.
class NcclReceiver::Successor final : public RingSender {
 public:
  Successor(std::shared_ptr<SlotRing> ring, std::shared_ptr<Ours> ours)
      : RingSender(std::move(ring)), ours_(std::move(ours)) {}

  /// The receiver waits for this batch and reads no other meanwhile.
  Slot resend_slot(std::uint64_t sequence) override {
    ours_->again = sequence;
    return RingSender::resend_slot(sequence);
  }

 private:
  std::shared_ptr<Ours> ours_;
};

std::unique_ptr<RingSender> NcclReceiver::take_over() {
  if (!MpiReceiver::take_over()) return nullptr;
  ours_->first = view().published;
  return std::make_unique<Successor>(ring(), ours_);
}

}  // namespace feedline

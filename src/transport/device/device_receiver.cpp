#include "device_places.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/metrics/stage_range.hpp>
#include <feedline/transport/device_receiver.hpp>
#include <feedline/transport/slot_ring.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace feedline {

DeviceReceiver::DeviceReceiver(ReceivingEnd host, std::shared_ptr<DeviceRuntime> device, Stream& uses,
                               std::size_t slots, TraceLane* lane)
    : host_(std::move(host)),
      device_(std::move(device)),
      uses_(uses),
      lane_(lane),
      copies_(device_->make_stream()) {
  ensure(slots > 0, "a device without slots");
  places_ = std::make_shared<Places>(device_, spec(), slots, uses);
  for (const std::span<std::byte> block : host_.control->memory())
    pinned_.push_back(pin_if_possible(*device_, block));
  thread_ = std::thread([this] { copy_all(); });
}

DeviceReceiver::~DeviceReceiver() {
  end_copies();
  places_->leave_stream();
  wait_until_idle(uses_);  // its work reads the memory that is freed now
}

std::size_t DeviceReceiver::ready() const noexcept {
  return std::min(places_->ready(host_.control->view().published), depth());
}

bool DeviceReceiver::wait_ready() {
  return places_->await_copied();
}

BatchLease DeviceReceiver::receive() {
  if (!wait_ready()) return {};
  const std::uint64_t sequence = places_->take();
  return {places_, places_->slot(sequence), sequence};
}

void DeviceReceiver::close() noexcept {
  host_.batches->close();
  give_up();
}

void DeviceReceiver::fail(const Failure& failure) noexcept {
  host_.batches->fail(failure);
  give_up();
}

void DeviceReceiver::join() noexcept {
  end_copies();
  host_.control->join();
}

std::unique_ptr<RingSender> DeviceReceiver::take_over() {
  return host_.control->take_over();
}

void DeviceReceiver::give_up() noexcept {
  host_.control->ask_stop();
  places_->give_up();
}

void DeviceReceiver::end_copies() noexcept {
  give_up();
  if (thread_.joinable()) thread_.join();
}

void DeviceReceiver::copy_all() noexcept {
  try {
    device_->make_current();  // else this thread's first call opens a context on GPU 0
    for (std::uint64_t sequence = 0;; ++sequence) {
      StageRange range(lane_, stage::kHostBatch, sequence);
      const BatchLease batch = host_.batches->receive();
      range.end();
      if (!batch || !copy(*batch, sequence)) break;
    }
    places_->end(nullptr);
  } catch (...) {
    places_->end(std::current_exception());
  }
}

/// Blocks until the batch is on the device; returns false when it is no longer wanted.
bool DeviceReceiver::copy(const Slot& batch, std::uint64_t sequence) {
  {
    const StageRange range(lane_, stage::kDevicePlace, sequence);
    if (!places_->await_room(sequence)) return false;
  }
  Places::Place& place = places_->of(sequence);
  const StageRange range(lane_, stage::kCopyToDevice, sequence, batch.used_bytes().size());
  std::memcpy(place.header.data(), batch.bytes().data(), place.header.size());
  copies_->wait_for(*place.used);
  copies_->copy(place.block->bytes().data(), batch.bytes().data(), batch.used_bytes().size());
  copies_->record(*place.copied);
  places_->add_copied();
  place.copied->wait();
  return true;
}

}  // namespace feedline

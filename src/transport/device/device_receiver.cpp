#include <feedline/common/errors.hpp>
#include <feedline/metrics/stage_range.hpp>
#include <feedline/transport/device_receiver.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace feedline {

DeviceReceiver::DeviceReceiver(std::shared_ptr<BatchReceiver> host, std::shared_ptr<DeviceRuntime> device,
                               Stream& uses, std::size_t slots, TraceLane* lane)
    : host_(std::move(host)),
      device_(std::move(device)),
      uses_(uses),
      lane_(lane),
      copies_(device_->make_stream()) {
  ensure(slots > 0, "a device without slots");
  for (std::size_t i = 0; i < slots; ++i) {
    places_.push_back({device_->allocate(spec().slot_bytes()), std::vector<std::byte>(spec().header_bytes()),
                       device_->make_event(), device_->make_event()});
  }
  for (const std::span<std::byte> block : host_->memory())
    pinned_.push_back(pin_if_possible(*device_, block));
  thread_ = std::thread([this] { copy_all(); });
}

DeviceReceiver::~DeviceReceiver() {
  end_copies();
  wait_until_idle(uses_);  // its work reads the memory that is freed now
}

std::size_t DeviceReceiver::ready() const noexcept {
  const std::uint64_t published = host_->view().published;
  const std::lock_guard lock(mutex_);
  return std::min(static_cast<std::size_t>(std::max(published, copied_) - received_), depth());
}

bool DeviceReceiver::wait_ready() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return copied_ > received_ || ended_; });
  if (copied_ > received_) return true;
  if (error_) std::rethrow_exception(error_);
  return false;
}

std::optional<Slot> DeviceReceiver::receive() {
  if (!wait_ready()) return std::nullopt;
  Place& place = places_[received_ % places_.size()];
  uses_.wait_for(*place.copied);
  {
    const std::lock_guard lock(mutex_);
    ++received_;
  }
  return Slot(place.header.data(), spec()).with_tensors_on(device_->device(), place.block->bytes().data());
}

void DeviceReceiver::release(std::uint64_t sequence) {
  ensure(sequence == released_ && sequence < received_, "batches are released in order");
  uses_.record(*places_[sequence % places_.size()].used);
  const std::lock_guard lock(mutex_);
  ++released_;
  changed_.notify_all();
}

void DeviceReceiver::close() noexcept {
  host_->close();
  give_up();
}

void DeviceReceiver::fail(const Failure& failure) noexcept {
  host_->fail(failure);
  give_up();
}

void DeviceReceiver::give_up() noexcept {
  host_->interrupt();
  const std::lock_guard lock(mutex_);
  given_up_ = true;
  changed_.notify_all();
}

void DeviceReceiver::end_copies() noexcept {
  give_up();
  if (thread_.joinable()) thread_.join();
}

void DeviceReceiver::join() noexcept {
  end_copies();
  host_->join();
}

void DeviceReceiver::end(std::exception_ptr error) noexcept {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  error_ = std::move(error);
  changed_.notify_all();
}

void DeviceReceiver::copy_all() noexcept {
  try {
    device_->make_current();  // else this thread's first call opens a context on GPU 0
    for (std::uint64_t sequence = 0;; ++sequence) {
      StageRange range(lane_, stage::kHostBatch, sequence);
      const std::optional<Slot> batch = host_->receive();
      range.end();
      if (!batch || !copy(*batch, sequence)) break;
      host_->release(sequence);
    }
    end(nullptr);
  } catch (...) {
    end(std::current_exception());
  }
}

/// Blocks until the batch is on the device; returns false when it is no longer wanted.
bool DeviceReceiver::copy(const Slot& batch, std::uint64_t sequence) {
  Place& place = places_[sequence % places_.size()];
  {
    const StageRange range(lane_, stage::kDevicePlace, sequence);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sequence < released_ + places_.size() || given_up_; });
    if (given_up_) return false;
  }
  const StageRange range(lane_, stage::kCopyToDevice, sequence, batch.used_bytes().size());
  std::memcpy(place.header.data(), batch.bytes().data(), place.header.size());
  copies_->wait_for(*place.used);
  copies_->copy(place.block->bytes().data(), batch.bytes().data(), batch.used_bytes().size());
  copies_->record(*place.copied);
  {
    const std::lock_guard lock(mutex_);
    ++copied_;
    changed_.notify_all();
  }
  place.copied->wait();
  return true;
}

}  // namespace feedline

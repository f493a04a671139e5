#include "device_places.hpp"

#include <algorithm>
#include <utility>

namespace feedline {

DeviceReceiver::Places::Places(std::shared_ptr<DeviceRuntime> device, const BatchSpec& spec,
                               std::size_t count, Stream& uses)
    : device_(std::move(device)), spec_(spec), uses_(&uses), returned_(count) {
  for (std::size_t i = 0; i < count; ++i) {
    places_.push_back({device_->allocate(spec.slot_bytes()), std::vector<std::byte>(spec.header_bytes()),
                       device_->make_event(), device_->make_event()});
  }
}

Slot DeviceReceiver::Places::slot(std::uint64_t sequence) noexcept {
  Place& place = of(sequence);
  return Slot(place.header.data(), spec_).with_tensors_on(device_->device(), place.block->bytes().data());
}

bool DeviceReceiver::Places::await_room(std::uint64_t sequence) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return sequence < released_ + places_.size() || given_up_; });
  return !given_up_;
}

void DeviceReceiver::Places::add_copied() {
  const std::lock_guard lock(mutex_);
  ++copied_;
  changed_.notify_all();
}

void DeviceReceiver::Places::end(std::exception_ptr error) noexcept {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  if (!error_) error_ = std::move(error);
  changed_.notify_all();
}

void DeviceReceiver::Places::give_up() noexcept {
  const std::lock_guard lock(mutex_);
  given_up_ = true;
  changed_.notify_all();
}

bool DeviceReceiver::Places::await_copied() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return copied_ > received_ || ended_; });
  if (copied_ > received_) return true;
  if (error_) std::rethrow_exception(error_);
  return false;
}

std::uint64_t DeviceReceiver::Places::take() {
  const std::lock_guard lock(mutex_);
  uses_->wait_for(*of(received_).copied);
  return received_++;
}

std::size_t DeviceReceiver::Places::ready(std::uint64_t published) const noexcept {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::max(published, copied_) - received_);
}

void DeviceReceiver::Places::take_back(std::uint64_t number) noexcept {
  const std::lock_guard lock(mutex_);
  try {
    if (uses_ != nullptr) uses_->record(*of(number).used);
    released_ = returned_.note(number);
  } catch (...) {  // the place is not filled again
    ended_ = true;
    if (!error_) error_ = std::current_exception();
  }
  changed_.notify_all();
}

void DeviceReceiver::Places::leave_stream() noexcept {
  const std::lock_guard lock(mutex_);
  uses_ = nullptr;
}

}  // namespace feedline

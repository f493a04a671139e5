#pragma once

#include "../return_order.hpp"

#include <feedline/device/device_runtime.hpp>
#include <feedline/transport/device_receiver.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <vector>

namespace feedline {

/// The places on the device that batches are copied to, and who has them: the copying thread fills them in
/// turn, and leases give them back. Any thread.
class DeviceReceiver::Places final : public BatchLender {
 public:
  /// The place of one batch on the device.
  struct Place {
    std::unique_ptr<DeviceMemory> block;
    std::vector<std::byte> header;  ///< Header on the host, with notes and ids
    std::unique_ptr<Event> copied, used;
  };

  /// Batches are used in the stream `uses` until `leave_stream`.
  Places(std::shared_ptr<DeviceRuntime> device, const BatchSpec& spec, std::size_t count, Stream& uses);

  Place& of(std::uint64_t sequence) noexcept { return places_[sequence % places_.size()]; }

  /// The slot of a batch that has been copied.
  Slot slot(std::uint64_t sequence) noexcept;

  /// Blocks until the place of batch `sequence` can be filled; returns false when no batch is wanted any
  /// more.
  bool await_room(std::uint64_t sequence);

  /// Counts one more batch whose copy is enqueued.
  void add_copied();

  /// Ends the stream: no further batch is copied, because of `error` if there is one.
  void end(std::exception_ptr error) noexcept;

  /// Makes `await_room` return false.
  void give_up() noexcept;

  /// Blocks until there is a batch to receive. Returns false at the end of the stream, and throws the error
  /// that ended it.
  bool await_copied();

  /// Receives the next batch, which must be copied: returns its number, and makes the stream that uses it
  /// wait for its copy.
  std::uint64_t take();

  /// Returns how many batches are copied, or `published` if that is more, and not yet received.
  std::size_t ready(std::uint64_t published) const noexcept;

  void take_back(std::uint64_t number) noexcept override;

  /// Called when the receiver ends: the stream is used no more.
  void leave_stream() noexcept;

 private:
  std::shared_ptr<DeviceRuntime> device_;
  BatchSpec spec_;
  std::vector<Place> places_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Stream* uses_;
  ReturnOrder returned_;
  std::uint64_t copied_ = 0;    ///< Batches on the device whose copies are enqueued
  std::uint64_t received_ = 0;  ///< Batches, of those copied, that the user has received
  std::uint64_t released_ = 0;
  bool ended_ = false;  ///< No further batch is copied
  bool given_up_ = false;
  std::exception_ptr error_;
};

}  // namespace feedline

#pragma once

#include "device_batches.hpp"
#include "fake_messages.hpp"
#include "socket_link.hpp"
#include "watched_device.hpp"

#include <feedline/device/host_runtime.hpp>
#include <feedline/transport/nccl.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <thread>

namespace feedline::testing {

/// Tags of the messages with headers, and with words.
inline constexpr int kHeaders = 103;
inline constexpr int kWords = 101;

/// Both ends of an nccl channel in this process, on stand-ins for devices, with messages and a link that a
/// test may disturb.
class NcclPair : public ::testing::Test {
 public:
  static void write_summed(const Slot& slot, std::uint64_t sequence) {
    write_numbered(slot, sequence);
    for (std::uint32_t row = 0; row < slot.header().count; ++row) slot.check_row(row, ChecksumKind::kSum);
    slot.seal(ChecksumKind::kSum);
  }

 protected:
  void open(std::size_t depth, std::size_t slots = NcclReceiver::kSlots, double transfer_timeout = 30) {
    NcclChannelOptions options;
    options.transfer_timeout = transfer_timeout;
    options.ring.checks = ChecksumKind::kSum;
    options.ring.receive_timeout = options.ring.acquire_timeout = 30;
    options.peer = 1;
    options.copies = lane_in(trace_.get(), "copies");
    options.transfers = lane_in(trace_.get(), "sent");
    if (transform_) {
      sender_.emplace(post_.end(0), transform_, depth, options, device_, links_[0]);
    } else {
      sender_.emplace(post_.end(0), spec_, depth, options, device_, links_[0]);
    }
    options.peer = 0;
    options.transfers = lane_in(trace_.get(), "received");
    receiver_.emplace(post_.end(1), spec_, options, device_, links_[1], uses_, slots);
  }

  void start() {
    sender_->start();
    receiver_->start();
  }

  ~NcclPair() override {
    if (receiver_) receiver_->close();
    if (sender_) {
      sender_->cancel();
      sender_->finish();
      sender_->join();
    }
    if (receiver_) receiver_->join();
  }

  /// Sends batches up to `end` and says that there are no more, in a thread of its own; answers what is
  /// wanted again meanwhile. Ends early when the receiver is lost.
  std::thread send_all(std::uint64_t end) {
    return std::thread([this, end] {
      try {
        send(end);
      } catch (const PeerError&) {
      }
    });
  }

  void send(std::uint64_t end) {
    for (std::uint64_t sequence = 0; sequence < end; ++sequence) {
      const auto slot = sender_->acquire(sequence);
      if (!slot) return;
      write(*slot, sequence);
      sender_->publish(sequence);
      answer();
    }
    sender_->finish();
  }

  void answer() {
    if (const auto wanted = sender_->resend_request()) {
      write(sender_->resend_slot(*wanted), *wanted);
      sender_->publish_resend();
    }
  }

  /// A thread that does so until it goes.
  std::jthread keep_answering() {
    return std::jthread([this](const std::stop_token& over) {
      for (; !over.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds(1))) answer();
    });
  }

  virtual void write(const Slot& slot, std::uint64_t sequence) { write_summed(slot, sequence); }

  /// Receives `most` batches, or all; how many were right on the device.
  std::uint64_t receive_all(std::uint64_t first = 0, std::uint64_t most = ~std::uint64_t{0}) {
    std::uint64_t right = 0;
    while (right < most) {
      const auto slot = receiver_->receive();
      if (!slot || !is_numbered_on(*device_, uses_, *slot, first + right)) break;
      ++right;
    }
    return right;
  }

  std::unique_ptr<Trace> trace_;                ///< made by those who look at it
  std::shared_ptr<DeviceTransform> transform_;  ///< of the sender's device; none: batches stay as they are
  BatchSpec spec_ = numbered_spec();
  FakePost post_;
  std::array<std::shared_ptr<SocketLink>, 2> links_ = SocketLink::pair();
  std::shared_ptr<WatchedDevice> device_ = std::make_shared<WatchedDevice>();
  HostStream uses_;
  std::optional<NcclSender> sender_;
  std::optional<NcclReceiver> receiver_;
};

}  // namespace feedline::testing

#include "device_batches.hpp"
#include "nccl_pair.hpp"
#include "ring_ends.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/device/host_runtime.hpp>
#include <feedline/transport/device_receiver.hpp>
#include <feedline/transport/interleaved_receiver.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using namespace std::chrono_literals;
using testing::Ends;
using testing::is_numbered_on;
using testing::send_numbered;

/// A stream whose events can no longer be recorded once the test says so, as on a device that has failed.
class FailingStream final : public Stream {
 public:
  void break_now() { broken_ = true; }

  void copy(std::byte* to, const std::byte* from, std::size_t bytes) override {
    stream_.copy(to, from, bytes);
  }
  void clear(std::byte* to, std::size_t bytes) override { stream_.clear(to, bytes); }
  void add_row_sums(const RowsToSum& rows, std::uint64_t* sums) override { stream_.add_row_sums(rows, sums); }
  void normalise(const Pictures& pictures, const Normalised& to) override { stream_.normalise(pictures, to); }
  void record(Event& event) override {
    if (broken_) throw DeviceError("The device has failed.");
    stream_.record(event);
  }
  void wait_for(Event& event) override { stream_.wait_for(event); }
  void wait() override { stream_.wait(); }
  void* native() const noexcept override { return nullptr; }

 private:
  HostStream stream_;
  bool broken_ = false;
};

TEST(DeviceLease, MayGoEarlyAndThenWaitsForThoseBeforeIt) {
  const auto runtime = std::make_shared<HostRuntime>();
  HostStream uses;
  Ends ends(8);
  DeviceReceiver receiver(std::make_shared<RingReceiver>(ends.ring), runtime, uses, 2);
  send_numbered(ends.sender, 0, 4);
  BatchLease first = receiver.receive(), second = receiver.receive();
  second.release();
  std::this_thread::sleep_for(30ms);
  EXPECT_LE(ends.ring->receiver().count(), 2u) << "both places are still taken";
  EXPECT_TRUE(is_numbered_on(*runtime, uses, *first, 0));
  first.release();
  for (std::uint64_t sequence = 2; sequence < 4; ++sequence) {
    const BatchLease batch = receiver.receive();
    EXPECT_EQ(batch.sequence(), sequence);
    EXPECT_TRUE(is_numbered_on(*runtime, uses, *batch, sequence));
  }
}

TEST(DeviceLease, MayOutliveReceiverAndStream) {
  const auto runtime = std::make_shared<HostRuntime>();
  std::vector<BatchLease> lent;
  {
    HostStream uses;
    Ends ends(4);
    DeviceReceiver receiver(std::make_shared<RingReceiver>(ends.ring), runtime, uses, 2);
    send_numbered(ends.sender, 0, 2);
    for (int i = 0; i < 2; ++i) lent.push_back(receiver.receive());
  }
  HostStream other;
  EXPECT_TRUE(is_numbered_on(*runtime, other, *lent[1], 1));
  lent.clear();
}

TEST(DeviceLease, HasTheNumberOfItsBatchInAStreamOfSeveralChannels) {
  const auto runtime = std::make_shared<HostRuntime>();
  HostStream uses;
  Ends even(4), odd(4);
  const auto receivers = std::make_shared<InterleavedReceiver>(std::vector<ReceivingEnd>{
      std::make_shared<RingReceiver>(even.ring), std::make_shared<RingReceiver>(odd.ring)});
  DeviceReceiver receiver(receivers, runtime, uses);
  send_numbered(even.sender, 0, 3);
  send_numbered(odd.sender, 0, 3);
  for (std::uint64_t sequence = 0; sequence < 6; ++sequence) {
    const BatchLease batch = receiver.receive();
    EXPECT_EQ(batch.sequence(), sequence);
    EXPECT_TRUE(is_numbered_on(*runtime, uses, *batch, sequence / 2));
  }
}

TEST(DeviceLease, AFailureToGiveItBackIsThrownByTheNextReceive) {
  const auto runtime = std::make_shared<HostRuntime>();
  FailingStream uses;
  Ends ends(4);
  DeviceReceiver receiver(std::make_shared<RingReceiver>(ends.ring), runtime, uses, 1);
  send_numbered(ends.sender, 0, 2);
  BatchLease batch = receiver.receive();
  uses.break_now();
  batch.release();
  EXPECT_THAT([&] { receiver.receive(); }, ::testing::ThrowsMessage<DeviceError>("The device has failed."));
}

class NcclLease : public testing::NcclPair {};

TEST_F(NcclLease, MayGoEarlyAndThenWaitsForThoseBeforeIt) {
  open(8, 2);
  start();
  std::thread sender = send_all(40);
  for (std::uint64_t sequence = 0; sequence < 40; sequence += 2) {
    BatchLease first = receiver_->receive(), second = receiver_->receive();
    EXPECT_TRUE(is_numbered_on(*device_, uses_, *second, sequence + 1));
    second.release();
    EXPECT_EQ(receiver_->view().released, sequence);
    EXPECT_TRUE(is_numbered_on(*device_, uses_, *first, sequence));
  }
  sender.join();
  EXPECT_FALSE(receiver_->receive());
}

TEST_F(NcclLease, MayOutliveItsReceiver) {
  open(4, 2);
  start();
  std::thread sender = send_all(2);
  BatchLease first = receiver_->receive(), second = receiver_->receive();
  sender.join();
  receiver_->close();
  sender_->join();
  receiver_.reset();
  HostStream other;
  EXPECT_TRUE(is_numbered_on(*device_, other, *second, 1));
  first.release();
  second.release();
}

TEST(NcclLeaseFailure, IsThrownByTheNextReceive) {
  testing::FakePost post;
  const auto links = testing::SocketLink::pair();
  const auto device = std::make_shared<HostRuntime>();
  FailingStream uses;
  NcclChannelOptions options;
  options.ring.checks = ChecksumKind::kSum;
  options.peer = 1;
  NcclSender sender(post.end(0), testing::numbered_spec(), 4, options, device, links[0]);
  options.peer = 0;
  NcclReceiver receiver(post.end(1), testing::numbered_spec(), options, device, links[1], uses, 2);
  sender.start();
  receiver.start();
  for (std::uint64_t sequence = 0; sequence < 2; ++sequence) {
    testing::NcclPair::write_summed(*sender.acquire(sequence), sequence);
    sender.publish(sequence);
  }
  BatchLease batch = receiver.receive();
  uses.break_now();
  batch.release();
  EXPECT_THAT([&] { receiver.receive(); }, ::testing::ThrowsMessage<DeviceError>("The device has failed."));
  EXPECT_EQ(receiver.view().released, 0u) << "the place is not filled again";
  receiver.close();
  sender.finish();
  sender.join();
}

}  // namespace
}  // namespace feedline

#include "test_device.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/device/device_runtime.hpp>
#include <feedline/device/host_runtime.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <vector>

namespace feedline {
namespace {

class DeviceRuntimeTest : public testing::OnDevice {
 protected:
  static std::vector<std::byte> numbered(std::size_t bytes, int first) {
    std::vector<std::byte> all(bytes);
    for (std::size_t i = 0; i < bytes; ++i) all[i] = static_cast<std::byte>(first + static_cast<int>(i));
    return all;
  }
};

TEST_F(DeviceRuntimeTest, CopiesThereAndBackAreTheSame) {
  auto bytes = numbered(100'000, 3);
  const auto pinned = runtime_->pin(bytes);
  const auto block = runtime_->allocate(bytes.size());
  stream_->copy(block->bytes().data(), bytes.data(), bytes.size());
  EXPECT_EQ(read(block->bytes()), bytes);
}

TEST_F(DeviceRuntimeTest, BlocksAreAlignedAndCounted) {
  const auto a = runtime_->allocate(1000);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(a->bytes().data()) % 256, 0u);
  EXPECT_GE(runtime_->bytes_held(), 1000u);
  const std::size_t before = runtime_->bytes_held();
  runtime_->allocate(5000);
  EXPECT_EQ(runtime_->bytes_held(), before);
}

TEST_F(DeviceRuntimeTest, AnEventThatWasNeverRecordedIsDone) {
  const auto event = runtime_->make_event();
  EXPECT_TRUE(event->done());
  event->wait();
  stream_->wait_for(*event);
  stream_->wait();
}

TEST_F(DeviceRuntimeTest, OneStreamWaitsForAnother) {
  const auto other = runtime_->make_stream(StreamPriority::kHigh);
  const auto written = runtime_->make_event();
  const auto block = runtime_->allocate(1 << 20);
  const auto result = runtime_->allocate(1 << 20);
  std::vector<std::byte> bytes(1 << 20);
  const auto pinned = runtime_->pin(bytes);
  for (int round = 0; round < 50; ++round) {
    std::fill(bytes.begin(), bytes.end(), static_cast<std::byte>(round));
    stream_->copy(block->bytes().data(), bytes.data(), bytes.size());
    stream_->record(*written);
    other->wait_for(*written);
    other->copy(result->bytes().data(), block->bytes().data(), bytes.size());
    other->wait();
    EXPECT_TRUE(written->done());
    ASSERT_EQ(read(result->bytes()), bytes) << round;
  }
}

TEST_F(DeviceRuntimeTest, AnEventIsDoneWhenItsWorkIs) {
  const auto event = runtime_->make_event();
  auto bytes = numbered(1 << 22, 1);
  const auto pinned = runtime_->pin(bytes);
  const auto block = runtime_->allocate(bytes.size());
  stream_->copy(block->bytes().data(), bytes.data(), bytes.size());
  stream_->record(*event);
  event->wait();
  EXPECT_TRUE(event->done());
  EXPECT_EQ(read(block->bytes()), bytes);
}

TEST_F(DeviceRuntimeTest, EventsTellHowLongTheWorkBetweenThemTook) {
  const auto first = runtime_->make_event(EventKind::kTime), second = runtime_->make_event(EventKind::kTime);
  const auto third = runtime_->make_event(EventKind::kTime);
  const auto block = runtime_->allocate(64 << 20);
  stream_->record(*first);
  stream_->clear(block->bytes().data(), block->bytes().size());
  stream_->record(*second);
  stream_->record(*third);
  third->wait();
  EXPECT_GT(second->since(*first), Clock::duration::zero());
  EXPECT_GE(third->since(*first), second->since(*first));
}

TEST_F(DeviceRuntimeTest, AStreamOfOthersDoesWorkToo) {
  const auto borrowed = runtime_->borrow_stream(stream_->native());
  auto bytes = numbered(1000, 5);
  const auto pinned = runtime_->pin(bytes);
  const auto block = runtime_->allocate(bytes.size());
  borrowed->copy(block->bytes().data(), bytes.data(), bytes.size());
  borrowed->wait();
  EXPECT_EQ(read(block->bytes()), bytes);
}

TEST_F(DeviceRuntimeTest, SumsOfRowsAreThoseOfTheCpu) {
  for (const std::size_t row_bytes : {4, 5, 784, 1023, 300'000}) {
    constexpr std::uint32_t kRows = 9;
    auto bytes = numbered(row_bytes * kRows, 3);
    const auto pinned = runtime_->pin(bytes);
    const auto block = runtime_->allocate(bytes.size());
    const auto sums = runtime_->allocate(kRows * sizeof(std::uint64_t));
    stream_->copy(block->bytes().data(), bytes.data(), bytes.size());
    stream_->clear(sums->bytes().data(), sums->bytes().size());
    for (int twice = 0; twice < 2; ++twice) {
      stream_->add_row_sums({block->bytes().data(), row_bytes, kRows, 77},
                            reinterpret_cast<std::uint64_t*>(sums->bytes().data()));
    }
    const auto found = read(sums->bytes());
    for (std::uint32_t i = 0; i < kRows; ++i) {
      std::uint64_t sum = 0;
      std::memcpy(&sum, found.data() + i * sizeof sum, sizeof sum);
      EXPECT_EQ(sum, 2 * sum64({bytes.data() + i * row_bytes, row_bytes}, 77)) << row_bytes << ", row " << i;
    }
  }
}

// A stand-in that did everything at once would hide who forgets to wait.
TEST(HostStream, WorkIsDoneBehindTheCallersBack) {
  std::atomic<bool> let_go{false};
  HostEvent event;
  HostStream stream;
  stream.run([&] { let_go.wait(false); });
  stream.record(event);
  EXPECT_FALSE(event.done());
  let_go = true;
  let_go.notify_all();
  event.wait();
  EXPECT_TRUE(event.done());
}

TEST(HostStream, AWaitIsForTheRecordingBeforeIt) {
  std::atomic<bool> let_go{false};
  HostEvent event;
  HostStream first, second;
  first.record(event);
  second.wait_for(event);  // not for the one below
  first.run([&] { let_go.wait(false); });
  first.record(event);
  second.wait();
  EXPECT_FALSE(event.done());
  let_go = true;
  let_go.notify_all();
  first.wait();
}

TEST(OpenDevice, AGpuThatIsNotThereIsADeviceError) {
  if (!list_gpus().empty()) GTEST_SKIP() << "there is a GPU";
  EXPECT_THAT([] { open_device(Device::cuda(0), 1); },
              ::testing::ThrowsMessage<DeviceError>(::testing::HasSubstr("cuda:0")));
}

}  // namespace
}  // namespace feedline

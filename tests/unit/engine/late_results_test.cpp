#include "late_results.hpp"

#include "test_device.hpp"

#include <feedline/device/host_runtime.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace feedline {
namespace {

class LateResultsTest : public testing::OnDevice {
 protected:
  void SetUp() override {
    OnDevice::SetUp();
    if (IsSkipped()) return;
    loss_ = runtime_->allocate(sizeof(float));
    host_.resize(1000);
    for (std::size_t i = 0; i < host_.size(); ++i) host_[i] = static_cast<float>(i) / 8;
    pinned_ = runtime_->pin(std::as_writable_bytes(std::span(host_)));
  }

  /// Leaves the loss of batch `number` in the one place on the device that all of them use.
  void train(LateResults& results, std::size_t number) {
    results.begin();
    stream_->copy(loss_->bytes().data(), reinterpret_cast<const std::byte*>(&host_[number]), sizeof(float));
    results.end(reinterpret_cast<const float*>(loss_->bytes().data()));
  }

  std::unique_ptr<DeviceMemory> loss_, pinned_;
  std::vector<float> host_;
};

TEST_F(LateResultsTest, ComeInOrderAndAllOfThem) {
  LateResults results(runtime_, *stream_);
  std::vector<float> found;
  for (std::size_t i = 0; i < 100; ++i) {
    train(results, i);
    while (const auto result = results.next(false)) found.push_back(*result->loss);
  }
  while (const auto result = results.next(true)) found.push_back(*result->loss);
  EXPECT_EQ(found, std::vector<float>(host_.begin(), host_.begin() + 100));
}

TEST_F(LateResultsTest, AreKeptForWhoAsksLate) {
  LateResults results(runtime_, *stream_);
  for (std::size_t i = 0; i < 30; ++i) train(results, i);
  for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(results.next(true)->loss, host_[i]);
  EXPECT_FALSE(results.next(true).has_value());
}

TEST_F(LateResultsTest, TellTheDevicesTime) {
  LateResults results(runtime_, *stream_);
  const auto block = runtime_->allocate(16 << 20);
  for (std::size_t i = 0; i < 20; ++i) {
    train(results, i);
    stream_->clear(block->bytes().data(), block->bytes().size());
    results.extend();
    const auto result = results.next(true);
    ASSERT_TRUE(result && result->time);
    EXPECT_GT(result->time->work, Clock::duration::zero());
    EXPECT_GE(result->time->idle, Clock::duration::zero());
    if (i == 0) {
      EXPECT_EQ(result->time->idle, Clock::duration::zero()) << "there is no batch before it";
    }
  }
}

// The point of it all.
TEST(LateResultsOnTheStandIn, NobodyWaitsForADeviceThatIsBehind) {
  const auto runtime = std::make_shared<HostRuntime>();
  HostStream stream;
  LateResults results(runtime, stream);
  std::atomic<bool> let_go{false};
  float loss = 2;
  for (std::size_t i = 0; i < LateResults::kMostUnderWay; ++i) {
    results.begin();
    stream.run([&] { let_go.wait(false); });
    results.end(&loss);
    EXPECT_FALSE(results.next(false).has_value());
  }
  let_go = true;
  let_go.notify_all();
  for (std::size_t i = 0; i < LateResults::kMostUnderWay; ++i) EXPECT_EQ(results.next(true)->loss, 2);
}

}  // namespace
}  // namespace feedline

#pragma once

#include <feedline/device/device_runtime.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace feedline::testing {

/// The device that tests run on: FEEDLINE_TEST_DEVICE, else the CPU's stand-in for one.
inline Device test_device() {
  const char* name = std::getenv("FEEDLINE_TEST_DEVICE");
  return name != nullptr ? Device::parse(name) : Device::cpu();
}

/// What lies there on the device, read by `stream`. Blocks.
inline std::vector<std::byte> read_from(DeviceRuntime& runtime, Stream& stream,
                                        std::span<const std::byte> on_device) {
  std::vector<std::byte> bytes(on_device.size());
  const auto pinned = runtime.pin(bytes);
  stream.copy(bytes.data(), on_device.data(), bytes.size());
  stream.wait();
  return bytes;
}

/// Skipped where that device is not there.
class OnDevice : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test_device().is_cuda() && list_gpus().empty()) GTEST_SKIP() << "there is no GPU";
    runtime_ = open_device(test_device());
    stream_ = runtime_->make_stream(StreamPriority::kNormal);
  }

  /// What lies there. Blocks.
  std::vector<std::byte> read(std::span<const std::byte> on_device) {
    return read_from(*runtime_, *stream_, on_device);
  }

  std::shared_ptr<DeviceRuntime> runtime_;
  std::unique_ptr<Stream> stream_;
};

}  // namespace feedline::testing

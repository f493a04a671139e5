#include "mel_device.hpp"

#include <feedline/common/errors.hpp>

#include <gtest/gtest.h>

namespace feedline {
namespace {

const DeviceChoice kTwo{Device::cuda(1), Device::cuda(0)};

Options options(const char* mel_device, const char* transport = "auto") {
  Options result;
  result.mel_device = mel_device;
  result.transport = transport;
  return result;
}

TEST(GpuMakesMels, WhereItPreparesDataForAnother) {
  EXPECT_TRUE(gpu_makes_mels(options("auto"), kTwo));
  EXPECT_TRUE(gpu_makes_mels(options("gpu", "nccl"), kTwo));
  EXPECT_FALSE(gpu_makes_mels(options("cpu"), kTwo));
}

TEST(GpuMakesMels, NotWhereBatchesDoNotPassIt) {
  EXPECT_FALSE(gpu_makes_mels(options("auto", "shm"), kTwo));
  EXPECT_FALSE(gpu_makes_mels(options("auto"), {Device::cpu(), Device::cuda(0)}));
  EXPECT_FALSE(gpu_makes_mels(options("auto"), {}));
  EXPECT_THROW(gpu_makes_mels(options("gpu", "shm"), kTwo), UsageError);
  EXPECT_THROW(gpu_makes_mels(options("gpu"), {}), UsageError);
}

TEST(GpuMakesMels, NotOfContainedDecoders) {
  Options isolated = options("auto");
  isolated.isolate_decoders = true;
  EXPECT_FALSE(gpu_makes_mels(isolated, kTwo));
}

}  // namespace
}  // namespace feedline

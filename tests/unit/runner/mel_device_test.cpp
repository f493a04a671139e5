#include "mel_device.hpp"

#include <feedline/common/errors.hpp>

#include <gtest/gtest.h>

namespace feedline {
namespace {

const DeviceChoice kTwo{Device::cuda(1), Device::cuda(0)};

Options options(MelDevice mel_device, const char* transport = "auto") {
  Options result;
  result.mel_device = mel_device;
  result.transport = transport_named(transport);
  return result;
}

TEST(GpuMakesMels, WhereItPreparesDataForAnother) {
  EXPECT_TRUE(gpu_makes_mels(options(MelDevice::kAuto), kTwo));
  EXPECT_TRUE(gpu_makes_mels(options(MelDevice::kGpu, "nccl"), kTwo));
  EXPECT_FALSE(gpu_makes_mels(options(MelDevice::kCpu), kTwo));
}

TEST(GpuMakesMels, NotWhereBatchesDoNotPassIt) {
  EXPECT_FALSE(gpu_makes_mels(options(MelDevice::kAuto, "shm"), kTwo));
  EXPECT_FALSE(gpu_makes_mels(options(MelDevice::kAuto), {Device::cpu(), Device::cuda(0)}));
  EXPECT_FALSE(gpu_makes_mels(options(MelDevice::kAuto), {}));
  EXPECT_THROW(gpu_makes_mels(options(MelDevice::kGpu, "shm"), kTwo), UsageError);
  EXPECT_THROW(gpu_makes_mels(options(MelDevice::kGpu), {}), UsageError);
}

TEST(GpuMakesMels, NotOfContainedDecoders) {
  Options isolated = options(MelDevice::kAuto);
  isolated.isolate_decoders = true;
  EXPECT_FALSE(gpu_makes_mels(isolated, kTwo));
}

}  // namespace
}  // namespace feedline

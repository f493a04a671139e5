#include "choose_devices.hpp"

#include <feedline/common/errors.hpp>

#include <gtest/gtest.h>

namespace feedline {
namespace {

const GpuInfo kGpu{0, "GPU", "GPU-0", 80ull << 30, 132, 1'700'000, 0};

Options options(DevicePreference device = DevicePreference::kAuto) {
  Options result;
  result.device = device;
  return result;
}

TEST(ChooseDevices, TheRankThatTrainsSaysWhetherItsGpusCount) {
  EXPECT_EQ(choose_devices(options(), {{}, {kGpu}, true, false}).model.name(), "cuda:0");
  EXPECT_EQ(choose_devices(options(), {{}, {kGpu}, false, false}).model.name(), "cpu");
}

TEST(ChooseDevices, AGpuThatWasAskedForCountsInAnyCase) {
  EXPECT_EQ(choose_devices(options(DevicePreference::kCuda), {{}, {kGpu}, false, false}).model.name(),
            "cuda:0");
  Options asked = options();
  asked.model_gpu = 0;
  EXPECT_EQ(choose_devices(asked, {{}, {kGpu}, false, false}).model.name(), "cuda:0");
}

TEST(ChooseDevices, OneGpuForBothRolesIsSeen) {
  Options both = options();
  both.data_gpu = both.model_gpu = 0;
  const SeenGpus seen{{kGpu}, {kGpu}, true, false};
  EXPECT_THROW(choose_devices(both, seen), DeviceError);
  both.share_gpu = true;
  const GpuInfo* shared = shared_gpu(choose_devices(both, seen), seen);
  ASSERT_NE(shared, nullptr);
  EXPECT_EQ(shared->uuid, "GPU-0");
}

TEST(ChooseDevices, GpusOfTheSameNumberOnTwoNodesAreTwo) {
  GpuInfo other = kGpu;
  other.uuid = "GPU-other";
  EXPECT_EQ(shared_gpu({Device::cuda(0), Device::cuda(0)}, {{kGpu}, {other}, true, false}), nullptr);
  EXPECT_EQ(shared_gpu({Device::cpu(), Device::cuda(0)}, {{kGpu}, {kGpu}, true, false}), nullptr);
}

}  // namespace
}  // namespace feedline

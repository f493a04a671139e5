#include <feedline/common/errors.hpp>
#include <feedline/device/select.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr std::uint64_t kGiB = 1ull << 30;
const GpuInfo kWeak{0, "Small GPU", "GPU-0", 8 * kGiB, 20, 1'500'000};
const GpuInfo kStrong{1, "Large GPU", "GPU-1", 80 * kGiB, 132, 1'700'000};

DeviceRequest request(const std::string& device, std::optional<int> data = {},
                      std::optional<int> model = {}) {
  return {device, data, model};
}

TEST(SelectDevices, CpuWithoutGpus) {
  const DeviceChoice choice = select_devices(request("auto"), {});
  EXPECT_EQ(choice.data, Device::cpu());
  EXPECT_EQ(choice.model, Device::cpu());
}

TEST(SelectDevices, CpuWhenAskedFor) {
  EXPECT_EQ(select_devices(request("cpu"), {kStrong}).model, Device::cpu());
}

TEST(SelectDevices, TheStrongestTrains) {
  EXPECT_EQ(select_devices(request("auto"), {kWeak, kStrong}).model, Device::cuda(1));
  GpuInfo larger = kWeak;
  larger.ordinal = 2;
  larger.memory_bytes *= 2;
  EXPECT_EQ(select_devices(request("cuda"), {kWeak, larger}).model, Device::cuda(2))
      << "equal speed: more memory";
}

TEST(SelectDevices, NumbersAreObeyed) {
  const DeviceChoice choice = select_devices(request("auto", 1, 0), {kWeak, kStrong});
  EXPECT_EQ(choice.data, Device::cuda(1));
  EXPECT_EQ(choice.model, Device::cuda(0));
}

TEST(SelectDevices, NumberThatDoesNotExistIsRefusedWithWhatIsThere) {
  EXPECT_THAT(
      [] {
        select_devices(request("auto", 0, 2), {kWeak, kStrong});
      },
      ThrowsMessage<DeviceError>(AllOf(HasSubstr("\nInsufficient GPUs for Multi-GPU Mode\n"),
                                       HasSubstr("--data-gpu 0 --model-gpu 2"), HasSubstr("1 (Large GPU, 80"),
                                       HasSubstr("drop --data-gpu and --model-gpu"))));
  EXPECT_THROW(select_devices(request("auto", -1), {kWeak}), DeviceError);
}

TEST(SelectDevices, NumbersWithoutAnyGpuAreRefused) {
  EXPECT_THAT([] { select_devices(request("auto", 0, 1), {}); },
              ThrowsMessage<DeviceError>(HasSubstr("\nInsufficient GPUs for Multi-GPU Mode\n")));
  EXPECT_THAT([] { select_devices(request("cuda"), {}); },
              ThrowsMessage<DeviceError>(HasSubstr("--device cpu")));
}

TEST(SelectDevices, ErrorsHaveTheExitCodeOfNoDevice) {
  try {
    select_devices(request("auto", 5), {kWeak});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kNoDevice);
  }
}

}  // namespace
}  // namespace feedline

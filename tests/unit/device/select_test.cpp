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
const GpuInfo kWeak{0, "Small GPU", "GPU-0", 8 * kGiB, 20, 1'500'000, 0};
const GpuInfo kStrong{1, "Large GPU", "GPU-1", 80 * kGiB, 132, 1'700'000, 1};

/// One rank that sees these GPUs.
DeviceRequest alone(std::vector<GpuInfo> gpus, std::optional<int> data = {}, std::optional<int> model = {}) {
  DeviceRequest request;
  request.data_gpu = data;
  request.model_gpu = model;
  request.data_gpus = request.model_gpus = std::move(gpus);
  return request;
}

/// Two ranks of one node, which both see them.
DeviceRequest two(std::vector<GpuInfo> gpus, std::optional<int> data = {}, std::optional<int> model = {}) {
  DeviceRequest request = alone(std::move(gpus), data, model);
  request.one_rank = false;
  return request;
}

GpuInfo twin(int ordinal, int numa_node = kNoNumaNode) {
  GpuInfo gpu = kStrong;
  gpu.ordinal = ordinal;
  gpu.uuid = "GPU-twin-" + std::to_string(ordinal);
  gpu.numa_node = numa_node;
  return gpu;
}

void expect_choice(const DeviceRequest& request, const Device& data, const Device& model) {
  const DeviceChoice choice = select_devices(request);
  EXPECT_EQ(choice.data.name(), data.name());
  EXPECT_EQ(choice.model.name(), model.name());
}

TEST(SelectDevices, CpuWithoutGpus) {
  expect_choice(alone({}), Device::cpu(), Device::cpu());
  expect_choice(two({}), Device::cpu(), Device::cpu());
}

TEST(SelectDevices, CpuWhenAskedFor) {
  DeviceRequest request = two({kWeak, kStrong});
  request.device = DevicePreference::kCpu;
  expect_choice(request, Device::cpu(), Device::cpu());
  request.data_gpus = {kWeak};
  request.model_gpus = {kStrong};
  expect_choice(request, Device::cpu(), Device::cpu());
}

TEST(SelectDevices, AloneTheStrongestTrains) {
  expect_choice(alone({kWeak, kStrong}), Device::cpu(), Device::cuda(1));
  GpuInfo larger = kWeak;
  larger.ordinal = 2;
  larger.uuid = "GPU-2";
  larger.memory_bytes *= 2;
  expect_choice(alone({kWeak, larger}), Device::cpu(), Device::cuda(2));
}

TEST(SelectDevices, OfTwoTheWeakerPreparesAndTheStrongerTrains) {
  expect_choice(two({kWeak, kStrong}), Device::cuda(0), Device::cuda(1));
  expect_choice(two({twin(0), twin(1), kWeak}, {}, 1), Device::cuda(0), Device::cuda(1));
}

TEST(SelectDevices, OfEqualOnesTheNearerToTheDiskPrepares) {
  DeviceRequest request = two({twin(0, 0), twin(1, 1)});
  expect_choice(request, Device::cuda(1), Device::cuda(0));
  request.storage_numa_node = 0;
  expect_choice(request, Device::cuda(0), Device::cuda(1));
  request.storage_numa_node = 1;
  expect_choice(request, Device::cuda(1), Device::cuda(0));
}

TEST(SelectDevices, OneGpuOfTwoRanksTrains) {
  expect_choice(two({kStrong}), Device::cpu(), Device::cuda(1));
}

TEST(SelectDevices, WhereBatchesStayInHostMemoryTheCpuPrepares) {
  DeviceRequest request = two({kWeak, kStrong});
  request.gpu_to_gpu = false;
  expect_choice(request, Device::cpu(), Device::cuda(1));
}

TEST(SelectDevices, NumbersAreObeyed) {
  expect_choice(two({kWeak, kStrong}, 1, 0), Device::cuda(1), Device::cuda(0));
  expect_choice(two({kWeak, kStrong}, 1), Device::cuda(1), Device::cuda(0));
  expect_choice(two({kWeak, kStrong}, {}, 0), Device::cuda(1), Device::cuda(0));
  expect_choice(alone({kWeak, kStrong}, 1, 0), Device::cpu(), Device::cuda(0));
}

TEST(SelectDevices, AGpuOfEachRanksOwnIsThatOne) {
  DeviceRequest request = two({kWeak}, 0, 1);
  request.model_gpus = {kStrong};
  request.model_gpus[0].ordinal = 0;
  expect_choice(request, Device::cuda(0), Device::cuda(0));
}

TEST(SelectDevices, BothRolesOnOneGpuAreRefused) {
  EXPECT_THAT(
      [] {
        select_devices(two({kWeak, kStrong}, 1, 1));
      },
      ThrowsMessage<DeviceError>(AllOf(HasSubstr("One GPU cannot have both roles."),
                                       HasSubstr("\nInsufficient GPUs for Multi-GPU Mode\n"))));
  DeviceRequest request = two({kStrong}, 1, 1);
  request.share_gpu = true;
  expect_choice(request, Device::cuda(1), Device::cuda(1));
  expect_choice(
      [] {
        DeviceRequest unnamed = two({kStrong});
        unnamed.share_gpu = true;
        return unnamed;
      }(),
      Device::cuda(1), Device::cuda(1));
}

TEST(SelectDevices, NumberThatDoesNotExistIsRefusedWithWhatIsThere) {
  EXPECT_THAT(
      [] {
        select_devices(two({kWeak, kStrong}, 0, 2));
      },
      ThrowsMessage<DeviceError>(AllOf(HasSubstr("\nInsufficient GPUs for Multi-GPU Mode\n"),
                                       HasSubstr("--data-gpu 0 --model-gpu 2"), HasSubstr("1 (Large GPU, 80"),
                                       HasSubstr("drop --data-gpu and --model-gpu"))));
  EXPECT_THROW(select_devices(alone({kWeak}, -1)), DeviceError);
}

TEST(SelectDevices, NumbersWithoutAnyGpuAreRefused) {
  EXPECT_THAT([] { select_devices(two({}, 0, 1)); },
              ThrowsMessage<DeviceError>(HasSubstr("\nInsufficient GPUs for Multi-GPU Mode\n")));
  DeviceRequest request = alone({});
  request.device = DevicePreference::kCuda;
  EXPECT_THAT([&] { select_devices(request); }, ThrowsMessage<DeviceError>(HasSubstr("--device cpu")));
}

TEST(SelectDevices, ErrorsHaveTheExitCodeOfNoDevice) {
  try {
    select_devices(alone({kWeak}, 5));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kNoDevice);
  }
}

}  // namespace
}  // namespace feedline

#include "../cuda_backend.hpp"

#include <feedline/common/numa.hpp>

#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include <array>

namespace feedline {
namespace {

std::string uuid_text(const cudaUUID_t& uuid) {
  std::string text = "GPU-";
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", static_cast<unsigned char>(uuid.bytes[i]));
  }
  return text;
}

int numa_node_of(int ordinal) {
  std::array<char, 32> bus_id{};
  if (cudaDeviceGetPCIBusId(bus_id.data(), bus_id.size(), ordinal) != cudaSuccess) return kNoNumaNode;
  return numa_node_of_pci(bus_id.data());
}

}  // namespace

std::vector<GpuInfo> list_cuda_gpus() {
  int count = 0;
  if (cudaGetDeviceCount(&count) != cudaSuccess) {
    cudaGetLastError();  // "no device" and "no driver" are answers; a later call must not find them as errors
    return {};
  }
  std::vector<GpuInfo> gpus;
  for (int ordinal = 0; ordinal < count; ++ordinal) {
    cudaDeviceProp properties{};
    int clock_khz = 0;
    if (cudaGetDeviceProperties(&properties, ordinal) != cudaSuccess) continue;
    cudaDeviceGetAttribute(&clock_khz, cudaDevAttrClockRate, ordinal);
    gpus.push_back({ordinal, properties.name, uuid_text(properties.uuid), properties.totalGlobalMem,
                    properties.multiProcessorCount, clock_khz, numa_node_of(ordinal)});
  }
  return gpus;
}

bool built_with_cuda() noexcept {
  return true;
}

}  // namespace feedline

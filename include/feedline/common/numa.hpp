#pragma once

#include <filesystem>
#include <string>

namespace feedline {

/// The number of a machine that has no NUMA nodes, or does not tell.
inline constexpr int kNoNumaNode = -1;

/// The NUMA node that a PCI device ("0000:3B:00.0") is attached to. `root` is where /sys is looked for.
int numa_node_of_pci(const std::string& bus_id, const std::filesystem::path& root = "/");

/// The NUMA node of the disk that `path` lies on; none for network and memory file systems.
int numa_node_of_storage(const std::filesystem::path& path, const std::filesystem::path& root = "/");

}  // namespace feedline

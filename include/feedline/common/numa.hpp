#pragma once

#include <filesystem>
#include <string>

namespace feedline {

/// The node number where a machine has no NUMA nodes or does not report them.
inline constexpr int kNoNumaNode = -1;

/// Returns the NUMA node that a PCI device ("0000:3B:00.0") is attached to. `root` is the folder that holds
/// /sys.
int numa_node_of_pci(const std::string& bus_id, const std::filesystem::path& root = "/");

/// Returns the NUMA node of the disk that holds `path`, or kNoNumaNode for network and memory file systems.
int numa_node_of_storage(const std::filesystem::path& path, const std::filesystem::path& root = "/");

}  // namespace feedline

#include <feedline/common/numa.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>

namespace feedline {
namespace {

int read_node(const std::filesystem::path& file) {
  int node = kNoNumaNode;
  std::ifstream(file) >> node;
  return node < 0 ? kNoNumaNode : node;
}

}  // namespace

int numa_node_of_pci(const std::string& bus_id, const std::filesystem::path& root) {
  return read_node(root / "sys/bus/pci/devices" / lower(bus_id) / "numa_node");
}

/// A disk's folder in /sys lies in the folder of its controller, which has the node's number.
int numa_node_of_storage(const std::filesystem::path& path, const std::filesystem::path& root) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return kNoNumaNode;
  std::error_code none;
  std::filesystem::path folder = std::filesystem::canonical(
      root / "sys/dev/block" / fmt::format("{}:{}", major(facts.st_dev), minor(facts.st_dev)), none);
  for (; !none && folder.has_relative_path(); folder = folder.parent_path()) {
    if (const int node = read_node(folder / "numa_node"); node != kNoNumaNode) return node;
  }
  return kNoNumaNode;
}

}  // namespace feedline

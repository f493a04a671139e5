#include "cgroups.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// The place where a hierarchy is mounted, and the cgroup at the top of that mount, which in a container is
/// often not the root.
struct CgroupMount {
  fs::path at;
  fs::path top = "/";
};

/// Finds the mount of a controller in /proc/self/mountinfo, proc(5): "36 35 0:30 TOP AT options ... - cgroup
/// cgroup rw,memory".
CgroupMount find_mount(const fs::path& root, const std::string& controller) {
  std::ifstream in(root / "proc/self/mountinfo");
  for (std::string line; std::getline(in, line);) {
    const auto dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    std::istringstream front(line.substr(0, dash)), back(line.substr(dash + 3));
    std::string skipped, top, at, type, source, options;
    front >> skipped >> skipped >> skipped >> top >> at;
    back >> type >> source >> options;
    const bool same =
        controller.empty()
            ? type == "cgroup2"
            : type == "cgroup" && ("," + options + ",").find("," + controller + ",") != std::string::npos;
    if (same) return {root / fs::path(at).relative_path(), top};
  }
  return {root / "sys/fs/cgroup" / controller, "/"};
}

/// Returns the cgroup's path below the top of the mount.
fs::path below_mount(const CgroupMount& mount, const std::string& path) {
  const fs::path below = fs::path(path).lexically_relative(mount.top);
  const bool inside = !below.empty() && *below.begin() != "..";
  return inside ? below : fs::path(path).relative_path();
}

}  // namespace

std::vector<fs::path> cgroup_folders(const fs::path& root, const std::string& controller) {
  std::vector<fs::path> folders;
  const CgroupMount mount = find_mount(root, controller);
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";  // "cpu,cpuacct"
    if (names.find("," + controller + ",") == std::string::npos) continue;
    for (fs::path below = below_mount(mount, line.substr(second + 1)); !below.empty() && below != ".";
         below = below.parent_path()) {
      folders.push_back(mount.at / below);
    }
  }
  folders.push_back(mount.at);  // in a container the process's own cgroup is mounted here
  return folders;
}

std::optional<std::string> first_line(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  return line;
}

std::optional<std::uint64_t> read_number(const fs::path& path) {
  const auto line = first_line(path);
  if (!line || line->empty() || line->find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::strtoull(line->c_str(), nullptr, 10);
}

std::optional<std::uint64_t> read_entry(const fs::path& path, const std::string& key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(key, 0) == 0) return std::strtoull(line.c_str() + key.size(), nullptr, 10);
  }
  return std::nullopt;
}

}  // namespace feedline

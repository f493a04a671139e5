#include <feedline/common/resources.hpp>

#include <sched.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

namespace feedline {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

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

/// The number behind `key` at a line's start: "MemAvailable:  123 kB", "inactive_file 123".
std::optional<std::uint64_t> read_entry(const fs::path& path, const std::string& key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(key, 0) == 0) return std::strtoull(line.c_str() + key.size(), nullptr, 10);
  }
  return std::nullopt;
}

/// "MemAvailable:  123 kB" of /proc/meminfo or "VmSize:" of /proc/self/status, in bytes.
std::optional<std::uint64_t> read_kilobytes(const fs::path& path, const std::string& key) {
  const auto kilobytes = read_entry(path, key + ":");
  return kilobytes ? std::optional(*kilobytes * 1024) : std::nullopt;
}

/// The folder of this process's cgroup and all above it, for one controller ("" is version 2).
std::vector<fs::path> cgroup_folders(const fs::path& root, const std::string& controller) {
  std::vector<fs::path> folders;
  const fs::path mount = root / "sys/fs/cgroup" / controller;
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";  // "cpu,cpuacct"
    if (names.find("," + controller + ",") == std::string::npos) continue;
    for (fs::path below = fs::path(line.substr(second + 1)).relative_path(); !below.empty();
         below = below.parent_path()) {
      folders.push_back(mount / below);
    }
  }
  folders.push_back(mount);  // in a container the process's own cgroup is mounted here
  return folders;
}

std::uint64_t left(std::uint64_t limit, std::uint64_t used) {
  return limit > used ? limit - used : 0;
}

std::uint64_t left_in_cgroups(const fs::path& root) {
  struct Version {
    const char *controller, *limit, *used, *cached;
  };
  std::uint64_t least = kUnlimited;
  for (const Version& version :
       {Version{"", "memory.max", "memory.current", "inactive_file "},
        Version{"memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "}}) {
    for (const fs::path& folder : cgroup_folders(root, version.controller)) {
      const auto limit = read_number(folder / version.limit);
      const auto used = read_number(folder / version.used);
      if (!limit || !used) continue;
      // Files read once count as used, but the kernel gives them back before it refuses memory.
      const auto cached = read_entry(folder / "memory.stat", version.cached).value_or(0);
      least = std::min(least, left(*limit, left(*used, cached)));
    }
  }
  return least;
}

std::uint64_t left_under_rlimit(int resource, std::uint64_t used) {
  rlimit limit{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return kUnlimited;
  }
  return left(limit.rlim_cur, used);
}

/// Cores that the CPU quota of the cgroup amounts to, rounded up.
int cgroup_cores(const fs::path& root) {
  double cores = std::numeric_limits<int>::max();
  for (const fs::path& folder : cgroup_folders(root, "")) {
    std::istringstream line(first_line(folder / "cpu.max").value_or(""));
    double quota = 0, period = 0;
    if (line >> quota >> period && period > 0) cores = std::min(cores, std::ceil(quota / period));
  }
  for (const fs::path& folder : cgroup_folders(root, "cpu")) {
    const auto quota = read_number(folder / "cpu.cfs_quota_us");  // -1: none
    const auto period = read_number(folder / "cpu.cfs_period_us");
    if (quota && period && *period > 0)
      cores = std::min(cores, std::ceil(static_cast<double>(*quota) / static_cast<double>(*period)));
  }
  return static_cast<int>(cores);
}

int affinity_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

}  // namespace

std::uint64_t available_memory(const fs::path& root) {
  const fs::path status = root / "proc/self/status";
  return std::min({read_kilobytes(root / "proc/meminfo", "MemAvailable").value_or(kUnlimited),
                   left_in_cgroups(root),
                   left_under_rlimit(RLIMIT_AS, read_kilobytes(status, "VmSize").value_or(0)),
                   left_under_rlimit(RLIMIT_DATA, read_kilobytes(status, "VmData").value_or(0))});
}

std::uint64_t peak_rss() {
  return read_kilobytes("/proc/self/status", "VmHWM").value_or(0);
}

std::uint64_t current_rss() {
  return read_kilobytes("/proc/self/status", "VmRSS").value_or(0);
}

int usable_cores(const fs::path& root) {
  return std::max(1, std::min(affinity_cores(), cgroup_cores(root)));
}

int release_default_binding() {
  const bool bound_by_launcher = std::getenv("OMPI_MCA_orte_bound_at_launch") != nullptr;
  const bool on_the_users_word = std::getenv("OMPI_MCA_hwloc_base_binding_policy") != nullptr ||
                                 std::getenv("OMPI_MCA_rmaps_base_mapping_policy") != nullptr;
  if (!bound_by_launcher || on_the_users_word) return 0;
  const int before = affinity_cores();
  cpu_set_t all;
  CPU_ZERO(&all);
  for (int core = 0; core < CPU_SETSIZE; ++core) CPU_SET(core, &all);
  if (sched_setaffinity(0, sizeof all, &all) != 0)
    return 0;  // the kernel intersects with the cgroup's cpuset
  return affinity_cores() - before;
}

double process_age_seconds() {
  // proc(5): field 22 of stat is the start time in clock ticks since boot; the name (field 2) may hold
  // spaces.
  std::string text = first_line("/proc/self/stat").value_or("");
  std::istringstream fields(text.substr(std::min(text.rfind(')') + 2, text.size())));
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const double since_boot = static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  return since_boot - std::strtod(field.c_str(), nullptr) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double process_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace feedline

#include "cgroups.hpp"

#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>
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

/// "MemAvailable:  123 kB" of /proc/meminfo or "VmSize:" of /proc/self/status, in bytes.
std::optional<std::uint64_t> read_kilobytes(const fs::path& path, const std::string& key) {
  const auto kilobytes = read_entry(path, key + ":");
  return kilobytes ? std::optional(*kilobytes * 1024) : std::nullopt;
}

std::uint64_t left(std::uint64_t limit, std::uint64_t used) {
  return limit > used ? limit - used : 0;
}

/// Replaces the room in `least` when this one is smaller.
void take_tighter(MemoryRoom& least, std::uint64_t bytes, const std::string& limit) {
  if (bytes < least.bytes) least = {bytes, limit};
}

void look_at_cgroups(MemoryRoom& least, const fs::path& root) {
  struct Version {
    const char *controller, *limit, *used, *cached;
  };
  for (const Version& version :
       {Version{"", "memory.max", "memory.current", "inactive_file "},
        Version{"memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "}}) {
    for (const fs::path& folder : cgroup_folders(root, version.controller)) {
      const auto limit = read_number(folder / version.limit);
      const auto used = read_number(folder / version.used);
      if (!limit || !used) continue;
      // Files that were read once count as used memory, but the kernel drops them before it refuses an
      // allocation.
      const auto cached = read_entry(folder / "memory.stat", version.cached).value_or(0);
      take_tighter(least, left(*limit, left(*used, cached)),
                   fmt::format("{} is {}", (folder / version.limit).string(), format_bytes(*limit)));
    }
  }
}

void look_at_rlimit(MemoryRoom& least, int resource, std::uint64_t used, const char* name) {
  rlimit limit{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return;
  take_tighter(least, left(limit.rlim_cur, used),
               fmt::format("{} is {}", name, format_bytes(limit.rlim_cur)));
}

/// Returns the number of cores that the CPU quota of the cgroup amounts to, rounded up.
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

MemoryRoom memory_room(const fs::path& root) {
  const fs::path status = root / "proc/self/status";
  MemoryRoom least{kUnlimited, ""};
  if (const auto machine = read_kilobytes(root / "proc/meminfo", "MemAvailable"))
    take_tighter(least, *machine, "the machine has no more");
  look_at_cgroups(least, root);
  look_at_rlimit(least, RLIMIT_AS, read_kilobytes(status, "VmSize").value_or(0), "RLIMIT_AS (ulimit -v)");
  look_at_rlimit(least, RLIMIT_DATA, read_kilobytes(status, "VmData").value_or(0), "RLIMIT_DATA (ulimit -d)");
  return least;
}

std::uint64_t available_memory(const fs::path& root) {
  return memory_room(root).bytes;
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

std::uint64_t allow_open_files(std::uint64_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur;
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

#include "child_process.hpp"
#include "sanitizer.hpp"
#include "temp_folder.hpp"

#include <feedline/common/resources.hpp>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

namespace feedline {
namespace {

using testing::ChildProcess;
using testing::TempFolder;

constexpr std::uint64_t kMiB = 1 << 20;

/// A made-up /proc and /sys.
class FakeRoot : public ::testing::Test {
 protected:
  FakeRoot() {
    root_.write("proc/meminfo", "MemTotal: 4096000 kB\nMemFree: 1 kB\nMemAvailable: 2048000 kB\n");
  }

  void in_cgroup(const std::string& lines) { root_.write("proc/self/cgroup", lines); }
  void file(const std::string& name, std::uint64_t value) { file(name, std::to_string(value)); }
  void file(const std::string& name, const std::string& text) {
    root_.write("sys/fs/cgroup/" + name, text + "\n");
  }
  std::uint64_t available() const { return available_memory(root_.path()); }
  int cores() const { return usable_cores(root_.path()); }

  TempFolder root_;
};

using AvailableMemory = FakeRoot;
using UsableCores = FakeRoot;

TEST_F(AvailableMemory, WithoutCgroupsIsWhatTheMachineHas) {
  EXPECT_EQ(available(), 2048000u * 1024);
}

TEST_F(AvailableMemory, WithNoFilesAtAllIsUnlimited) {
  const TempFolder empty;
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  if (limit.rlim_cur != RLIM_INFINITY) GTEST_SKIP() << "the shell limits the address space";
  EXPECT_EQ(available_memory(empty.path()), std::numeric_limits<std::uint64_t>::max());
}

TEST_F(AvailableMemory, CgroupVersion2) {
  in_cgroup("0::/job\n");
  file("job/memory.max", 500 * kMiB);
  file("job/memory.current", 100 * kMiB);
  EXPECT_EQ(available(), 400 * kMiB);
}

TEST_F(AvailableMemory, CgroupVersion2WithoutALimit) {
  in_cgroup("0::/job\n");
  file("job/memory.max", "max");
  file("job/memory.current", 100 * kMiB);
  EXPECT_EQ(available(), 2048000u * 1024);
}

TEST_F(AvailableMemory, TheTightestOfNestedLimitsCounts) {
  in_cgroup("0::/slice/job/task\n");
  file("slice/memory.max", 300 * kMiB);
  file("slice/memory.current", 250 * kMiB);
  file("slice/job/memory.max", 200 * kMiB);
  file("slice/job/memory.current", 50 * kMiB);
  file("slice/job/task/memory.max", "max");
  file("slice/job/task/memory.current", 50 * kMiB);
  EXPECT_EQ(available(), 50 * kMiB);
}

TEST_F(AvailableMemory, InAContainerTheMountItselfCounts) {
  in_cgroup("0::/\n");
  file("memory.max", 64 * kMiB);
  file("memory.current", 4 * kMiB);
  EXPECT_EQ(available(), 60 * kMiB);
}

TEST_F(AvailableMemory, CgroupVersion1) {
  in_cgroup("9:cpu,cpuacct:/other\n4:memory:/docker/abc\n");
  file("memory/docker/abc/memory.limit_in_bytes", 256 * kMiB);
  file("memory/docker/abc/memory.usage_in_bytes", 56 * kMiB);
  file("memory/memory.limit_in_bytes", "9223372036854771712");
  file("memory/memory.usage_in_bytes", 56 * kMiB);
  EXPECT_EQ(available(), 200 * kMiB);
}

TEST_F(AvailableMemory, BelowWhatAContainerMounts) {
  in_cgroup("4:memory:/docker/abc/inner/task\n");
  root_.write("proc/self/mountinfo",
              "35 30 0:31 /docker/abc /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory\n");
  file("memory/inner/memory.limit_in_bytes", 80 * kMiB);
  file("memory/inner/memory.usage_in_bytes", 10 * kMiB);
  file("memory/memory.limit_in_bytes", 90 * kMiB);
  file("memory/memory.usage_in_bytes", 10 * kMiB);
  EXPECT_EQ(available(), 70 * kMiB);
}

TEST_F(AvailableMemory, VersionsSideBySideAreFoundWhereTheyAreMounted) {
  in_cgroup("4:memory:/\n0::/job\n");
  root_.write("proc/self/mountinfo",
              "40 30 0:32 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
              "35 30 0:31 / /cgroup/mem rw,nosuid - cgroup cgroup rw,memory\n");
  file("unified/job/memory.max", 300 * kMiB);
  file("unified/job/memory.current", 100 * kMiB);
  EXPECT_EQ(available(), 200 * kMiB);
  root_.write("cgroup/mem/memory.limit_in_bytes", std::to_string(150 * kMiB));
  root_.write("cgroup/mem/memory.usage_in_bytes", std::to_string(50 * kMiB));
  EXPECT_EQ(available(), 100 * kMiB);
}

TEST_F(AvailableMemory, TheLimitThatCountsIsNamed) {
  in_cgroup("0::/job\n");
  file("job/memory.max", 500 * kMiB);
  file("job/memory.current", 100 * kMiB);
  const MemoryRoom room = memory_room(root_.path());
  EXPECT_EQ(room.bytes, 400 * kMiB);
  EXPECT_NE(room.limit.find("/sys/fs/cgroup/job/memory.max is 500.0 MiB"), std::string::npos) << room.limit;
}

TEST_F(AvailableMemory, OverTheLimitIsNothing) {
  in_cgroup("0::/job\n");
  file("job/memory.max", 100 * kMiB);
  file("job/memory.current", 101 * kMiB);
  EXPECT_EQ(available(), 0u);
}

TEST_F(AvailableMemory, FilesThatWereReadOnceDoNotCount) {
  in_cgroup("0::/job\n4:memory:/job\n");
  file("job/memory.max", 500 * kMiB);
  file("job/memory.current", 450 * kMiB);
  file("job/memory.stat", "anon 1\nactive_file 9999\ninactive_file " + std::to_string(300 * kMiB));
  EXPECT_EQ(available(), 350 * kMiB);
  file("memory/job/memory.limit_in_bytes", 400 * kMiB);
  file("memory/job/memory.usage_in_bytes", 390 * kMiB);
  file("memory/job/memory.stat", "inactive_file 1\ntotal_inactive_file " + std::to_string(90 * kMiB));
  EXPECT_EQ(available(), 100 * kMiB);
}

TEST_F(AvailableMemory, AddressSpaceLimitCounts) {
  FEEDLINE_NEEDS_FORK();
  if (testing::kAddressSanitizer) GTEST_SKIP() << "AddressSanitizer needs its address space";
  root_.write("proc/self/status", "VmSize:\t 102400 kB\n");
  ChildProcess child([this] {
    const rlimit limit{300 * kMiB, 300 * kMiB};
    setrlimit(RLIMIT_AS, &limit);
    return available() == 200 * kMiB ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST_F(UsableCores, QuotaOfVersion2IsRoundedUp) {
  in_cgroup("0::/job\n");
  file("job/cpu.max", "50000 100000");
  EXPECT_EQ(cores(), 1);
}

TEST_F(UsableCores, NoQuotaLeavesTheAffinity) {
  cpu_set_t set;
  CPU_ZERO(&set);
  ASSERT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  EXPECT_EQ(cores(), CPU_COUNT(&set));
  in_cgroup("0::/job\n");
  file("job/cpu.max", "max 100000");
  EXPECT_EQ(cores(), CPU_COUNT(&set));
  file("job/cpu.max", "900000000000 1");
  EXPECT_EQ(cores(), CPU_COUNT(&set)) << "a quota beyond all cores";
}

TEST_F(UsableCores, QuotaOfAFolderAboveCounts) {
  in_cgroup("0::/slice/job\n");
  file("slice/cpu.max", "100000 100000");
  file("slice/job/cpu.max", "max 100000");
  EXPECT_EQ(cores(), 1);
}

TEST_F(UsableCores, QuotaOfVersion1) {
  in_cgroup("3:cpu,cpuacct:/docker/abc\n");
  file("cpu/docker/abc/cpu.cfs_quota_us", "100000");
  file("cpu/docker/abc/cpu.cfs_period_us", "100000");
  EXPECT_EQ(cores(), 1);
  const int quota = cores();
  file("cpu/docker/abc/cpu.cfs_quota_us", "-1");
  EXPECT_GE(cores(), quota);
}

TEST(UsableCoresHere, AffinityCounts) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    cpu_set_t all, one;
    sched_getaffinity(0, sizeof all, &all);
    CPU_ZERO(&one);
    for (std::size_t core = 0; core < CPU_SETSIZE; ++core) {
      if (!CPU_ISSET(core, &all)) continue;
      CPU_SET(core, &one);
      break;
    }
    sched_setaffinity(0, sizeof one, &one);
    return usable_cores() == 1 ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

int cores_gained_when_bound(bool by_launcher, bool by_user) {
  cpu_set_t all, one;
  sched_getaffinity(0, sizeof all, &all);
  if (CPU_COUNT(&all) < 2) return -1;
  CPU_ZERO(&one);
  for (std::size_t core = 0; CPU_COUNT(&one) == 0; ++core) {
    if (CPU_ISSET(core, &all)) CPU_SET(core, &one);
  }
  sched_setaffinity(0, sizeof one, &one);
  if (by_launcher) setenv("OMPI_MCA_orte_bound_at_launch", "1", 1);
  if (by_user) setenv("OMPI_MCA_hwloc_base_binding_policy", "core", 1);
  return release_default_binding();
}

TEST(ReleaseDefaultBinding, OnlyWhatTheLauncherBoundByItself) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess by_launcher([] { return cores_gained_when_bound(true, false) == 0 ? 1 : 0; });
  EXPECT_EQ(by_launcher.wait(), 0);
  ChildProcess by_user([] { return std::max(0, cores_gained_when_bound(true, true)); });
  EXPECT_EQ(by_user.wait(), 0);
  ChildProcess by_another([] { return std::max(0, cores_gained_when_bound(false, false)); });
  EXPECT_EQ(by_another.wait(), 0);
}

TEST(Rss, GrowsWithWhatIsTouched) {
  FEEDLINE_NEEDS_FORK();
  ChildProcess child([] {
    const std::uint64_t before = current_rss();
    {
      const std::vector<char> memory(64 * kMiB, 1);
      if (current_rss() < before + 60 * kMiB) return 1;
    }
    return peak_rss() >= before + 60 * kMiB ? 0 : 2;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(ProcessTimes, GoOnWithTheClock) {
  const double age = process_age_seconds();
  EXPECT_GE(age, 0.0);
  EXPECT_LT(age, 3600.0);
  const double cpu = process_cpu_seconds();
  while (process_cpu_seconds() < cpu + 0.02) {
  }
  EXPECT_GT(process_age_seconds(), age);
}

}  // namespace
}  // namespace feedline

#include "temp_folder.hpp"

#include <feedline/common/memory_kills.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::TempFolder;

TEST(MemoryKills, NothingIsSaidWithoutOne) {
  TempFolder root;
  root.write("proc/self/cgroup", "0::/job\n");
  root.write("proc/vmstat", "pgfault 7\noom_kill 3\n");
  root.write("sys/fs/cgroup/job/memory.events", "low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n");
  EXPECT_EQ(MemoryKills(root.path()).reason(), "");
}

TEST(MemoryKills, Version2NamesTheGroupAndItsLimit) {
  TempFolder root;
  root.write("proc/self/cgroup", "0::/slice/job\n");
  root.write("sys/fs/cgroup/slice/job/memory.events", "oom_kill 0\n");
  root.write("sys/fs/cgroup/slice/job/memory.max", "max\n");
  root.write("sys/fs/cgroup/slice/memory.events", "oom_kill 4\n");
  root.write("sys/fs/cgroup/slice/memory.max", "314572800\n");
  const MemoryKills kills(root.path());
  root.write("sys/fs/cgroup/slice/memory.events", "oom_kill 5\n");
  EXPECT_THAT(kills.reason(), AllOf(HasSubstr("want of memory"), HasSubstr("/slice is 300.0 MiB"),
                                    HasSubstr("--buffer-size")));
}

TEST(MemoryKills, Version1) {
  TempFolder root;
  root.write("proc/self/cgroup", "4:memory:/docker/abc\n");
  root.write("sys/fs/cgroup/memory/docker/abc/memory.oom_control",
             "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
  root.write("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "314572800\n");
  const MemoryKills kills(root.path());
  root.write("sys/fs/cgroup/memory/docker/abc/memory.oom_control",
             "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
  EXPECT_THAT(kills.reason(), HasSubstr("/docker/abc is 300.0 MiB"));
}

TEST(MemoryKills, TheLimitMayBeOfAGroupAbove) {
  TempFolder root;
  const std::string group = "sys/fs/cgroup/memory/job";
  root.write("proc/self/cgroup", "4:memory:/job/step\n");
  root.write(group + "/memory.oom_control", "oom_kill 0\n");
  root.write(group + "/memory.limit_in_bytes", "314572800\n");
  root.write(group + "/step/memory.oom_control", "oom_kill 0\n");
  root.write(group + "/step/memory.limit_in_bytes", "9223372036854771712\n");
  const MemoryKills kills(root.path());
  root.write(group + "/step/memory.oom_control", "oom_kill 1\n");
  EXPECT_THAT(kills.reason(), HasSubstr("memory/job is 300.0 MiB"));
}

TEST(MemoryKills, OfTheMachine) {
  TempFolder root;
  root.write("proc/vmstat", "oom_kill 3\n");
  const MemoryKills kills(root.path());
  root.write("proc/vmstat", "oom_kill 4\n");
  EXPECT_THAT(kills.reason(), HasSubstr("on this machine"));
}

}  // namespace
}  // namespace feedline

#include "child_process.hpp"
#include "sanitizer.hpp"
#include "temp_folder.hpp"

#include <feedline/common/thread_limits.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

namespace feedline {
namespace {

using ::testing::AllOf;
using testing::ChildProcess;
using ::testing::HasSubstr;
using testing::TempFolder;

TEST(ThreadLimit, TheTightestCgroupIsNamed) {
  TempFolder root;
  root.write("proc/self/cgroup", "8:pids:/slurm/job\n0::/\n");
  root.write("sys/fs/cgroup/pids/slurm/job/pids.max", "max\n");
  root.write("sys/fs/cgroup/pids/slurm/job/pids.current", "11\n");
  root.write("sys/fs/cgroup/pids/slurm/pids.max", "12\n");
  root.write("sys/fs/cgroup/pids/slurm/pids.current", "11\n");
  const std::string text = describe_thread_limit(root.path());
  EXPECT_THAT(text, AllOf(HasSubstr("pids.max of "), HasSubstr("/pids/slurm is 12, of which 11 are taken")));
}

TEST(ThreadLimit, Version2IsNamed) {
  TempFolder root;
  root.write("proc/self/cgroup", "0::/kubepods/pod\n");
  root.write("sys/fs/cgroup/kubepods/pod/pids.max", "20\n");
  root.write("sys/fs/cgroup/kubepods/pod/pids.current", "5\n");
  EXPECT_THAT(describe_thread_limit(root.path()), HasSubstr("/kubepods/pod is 20, of which 5 are taken"));
}

TEST(ThreadTrial, AsManyAsThereAre) {
  for (int round = 0; round < 3; ++round) {
    ThreadTrial trial;
    EXPECT_NO_THROW(trial.start(4));
  }
}

TEST(ThreadTrial, TooManyNameTheLimit) {
  FEEDLINE_NEEDS_FORK();
  if (getuid() != 0) GTEST_SKIP() << "becomes a user of its own, which takes root";
  ChildProcess child([] {
    const rlimit limit{3, 3};
    constexpr uid_t kNobodyElse = 54321;
    if (setrlimit(RLIMIT_NPROC, &limit) != 0 || setuid(kNobodyElse) != 0) return 1;
    ThreadTrial trial;
    try {
      trial.start(10);
    } catch (const UsageError& error) {
      const std::string text = error.what();
      return text.find("10 threads are needed") != std::string::npos &&
                     text.find("RLIMIT_NPROC (ulimit -u) is 3") != std::string::npos
                 ? 0
                 : 2;
    }
    return 3;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(LimitReached, NamesWhatIsScarce) {
  const std::system_error thread(EAGAIN, std::generic_category()), files(EMFILE, std::generic_category()),
      folder(ENOENT, std::generic_category());
  EXPECT_EQ(limit_reached(thread)->code(), ExitCode::kUsage);
  EXPECT_THAT(limit_reached(thread)->what(), HasSubstr("A thread or process could not be started"));
  EXPECT_THAT(limit_reached(files)->what(), HasSubstr("RLIMIT_NOFILE (ulimit -n) is "));
  EXPECT_THAT(limit_reached(std::bad_alloc())->what(), HasSubstr("Out of memory"));
  EXPECT_THAT(
      limit_reached(std::runtime_error("[enforce fail] DefaultCPUAllocator: can't allocate memory: you"))
          ->what(),
      HasSubstr("Out of memory"));
  for (const char* words : {"The model failed in training: std::bad_alloc", "mmap: Cannot allocate memory"})
    EXPECT_THAT(limit_reached(std::runtime_error(words))->what(), HasSubstr("Out of memory"));
  EXPECT_FALSE(limit_reached(folder));
  EXPECT_FALSE(limit_reached(std::runtime_error("odd")));
}

// oneDNN has one text for a lack of memory and for all else.
TEST(LimitReached, APrimitiveThatCannotBeMadeIsOfMemoryWhereThatIsScarce) {
  FEEDLINE_NEEDS_FORK();
  if (testing::kAddressSanitizer) GTEST_SKIP() << "limits the address space, which AddressSanitizer needs";
  ChildProcess child([] {
    const std::runtime_error error("The model failed in training: could not create a primitive");
    const rlimit limit{512 << 20, 512 << 20};
    if (setrlimit(RLIMIT_AS, &limit) != 0) return 1;
    const auto found = limit_reached(error);
    if (!found || found->code() != ExitCode::kUsage) return 2;
    return std::string(found->what()).find("RLIMIT_AS (ulimit -v) is 512.0 MiB") != std::string::npos ? 0 : 3;
  });
  EXPECT_EQ(child.wait(), 0);
}

}  // namespace
}  // namespace feedline

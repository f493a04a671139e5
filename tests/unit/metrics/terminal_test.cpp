#include "terminal.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// A /proc of its own, with the processes that a test puts there.
class Terminal : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(proc_); }

  void add_process(int pid, const std::string& name, int parent, const std::string& out) {
    const fs::path folder = proc_ / std::to_string(pid);
    fs::create_directories(folder / "fd");
    std::ofstream(folder / "status") << "Name:\t" << name << "\nUmask:\t0022\nPPid:\t" << parent
                                     << "\nUid:\t0\n";
    fs::create_symlink(out, folder / "fd" / "1");
  }

  const fs::path proc_ = testing::TempDir() + "feedline_terminal_test_" + std::to_string(::getpid());
};

TEST_F(Terminal, TheLaunchersOutputCounts) {
  add_process(10, "mpirun", 9, "/dev/pts/3");
  add_process(20, "mpirun", 9, "/home/me/slurm-1.out");
  add_process(30, "orterun", 9, "pipe:[123]");
  EXPECT_TRUE(launcher_writes_to_terminal(proc_, 10));
  EXPECT_FALSE(launcher_writes_to_terminal(proc_, 20));
  EXPECT_FALSE(launcher_writes_to_terminal(proc_, 30));
}

TEST_F(Terminal, AScriptBetweenIsSteppedOver) {
  add_process(10, "mpirun.openmpi", 9, "/home/me/out.txt");
  add_process(11, "bash", 10, "/dev/pts/7");
  EXPECT_FALSE(launcher_writes_to_terminal(proc_, 11));
}

TEST_F(Terminal, WithoutALauncherItIsNone) {
  add_process(10, "bash", 9, "/dev/pts/3");
  add_process(9, "sshd", 1, "/dev/pts/3");
  EXPECT_FALSE(launcher_writes_to_terminal(proc_, 10));
  EXPECT_FALSE(launcher_writes_to_terminal(proc_, 77));
}

TEST_F(Terminal, ALoopOfParentsEnds) {
  add_process(10, "a", 11, "/dev/pts/3");
  add_process(11, "b", 10, "/dev/pts/3");
  EXPECT_FALSE(launcher_writes_to_terminal(proc_, 10));
}

}  // namespace
}  // namespace feedline

#include "temp_folder.hpp"

#include <feedline/common/numa.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>

namespace feedline {
namespace {

namespace fs = std::filesystem;

class NumaTest : public ::testing::Test {
 protected:
  void write(const fs::path& path, const char* text) {
    fs::create_directories((root_.path() / path).parent_path());
    std::ofstream(root_.path() / path) << text;
  }

  testing::TempFolder root_;
};

TEST_F(NumaTest, OfAPciDeviceByItsName) {
  write("sys/bus/pci/devices/0000:3b:00.0/numa_node", "1\n");
  write("sys/bus/pci/devices/0000:5e:00.0/numa_node", "-1\n");
  EXPECT_EQ(numa_node_of_pci("0000:3B:00.0", root_.path()), 1);
  EXPECT_EQ(numa_node_of_pci("0000:5e:00.0", root_.path()), kNoNumaNode);
  EXPECT_EQ(numa_node_of_pci("0000:99:00.0", root_.path()), kNoNumaNode);
}

TEST_F(NumaTest, OfADiskIsItsControllers) {
  struct stat facts {};
  ASSERT_EQ(::stat(root_.path().c_str(), &facts), 0);
  write("sys/devices/pci0000:00/0000:00:04.0/numa_node", "1\n");
  write("sys/devices/pci0000:00/0000:00:04.0/nvme/nvme0/nvme0n1/nvme0n1p2/size", "9\n");
  fs::create_directories(root_.path() / "sys/dev/block");
  fs::create_directory_symlink(
      root_.path() / "sys/devices/pci0000:00/0000:00:04.0/nvme/nvme0/nvme0n1/nvme0n1p2",
      root_.path() / "sys/dev/block" / fmt::format("{}:{}", major(facts.st_dev), minor(facts.st_dev)));
  EXPECT_EQ(numa_node_of_storage(root_.path(), root_.path()), 1);
}

TEST_F(NumaTest, OfWhatIsOnNoDiskThereIsNone) {
  EXPECT_EQ(numa_node_of_storage(root_.path(), root_.path()), kNoNumaNode);
  EXPECT_EQ(numa_node_of_storage(root_.path() / "not there", root_.path()), kNoNumaNode);
}

}  // namespace
}  // namespace feedline

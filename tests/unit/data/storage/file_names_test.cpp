#include "storage/file_names.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <utility>

namespace feedline {
namespace {

const std::vector<std::string> kNames = {"a/1.jpg", "", "b\xFF c"};

TEST(FileNames, AreNumberedInOrder) {
  const FileNames names("/data", kNames);
  ASSERT_EQ(names.size(), 3U);
  for (std::uint64_t id = 0; id < 3; ++id) EXPECT_EQ(names.name(id), kNames[id]);
  EXPECT_EQ(FileNames("/data", {}).size(), 0U);
}

TEST(FileNames, CopiesShareTheMemory) {
  std::optional<FileNames> names(std::in_place, "/data", kNames);
  const FileNames copy = *names;
  const char* name = names->name(2);
  names.reset();
  EXPECT_EQ(copy.name(2), name);
  EXPECT_STREQ(name, "b\xFF c");
}

TEST(FileNames, KeepTheOwnerOfTheirBlock) {
  const auto block = std::make_shared<const std::string>(std::string("x\0y/z\0", 6));
  static constexpr std::array<std::uint64_t, 2> kOffsets = {2, 0};
  const FileNames names("/data", block, block->data(), kOffsets);
  EXPECT_EQ(block.use_count(), 2);
  EXPECT_STREQ(names.name(0), "y/z");
  EXPECT_STREQ(names.name(1), "x");
}

TEST(FileNames, DescribeWithTheirRoot) {
  const auto described = [](const char* root) { return FileNames(root, kNames).describe(0); };
  EXPECT_EQ(described("/data"), "/data/a/1.jpg");
  EXPECT_EQ(described("data/"), "data/a/1.jpg");
  EXPECT_EQ(described("/"), "/a/1.jpg");
  EXPECT_EQ(described(""), "a/1.jpg");
}

}  // namespace
}  // namespace feedline

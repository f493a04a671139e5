#include "folder/list_block.hpp"

#include "folder/folder_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

namespace feedline {
namespace {

using ::testing::ElementsAre;
using ::testing::StrEq;

ClassFiles class_of(const std::string& name, std::initializer_list<const char*> paths) {
  ClassFiles files;
  files.name = name;
  files.folders.push_back({name, {name.size(), 2, 3}});
  for (const char* path : paths) {
    files.offsets.push_back(files.paths.size());
    files.paths.append(path).append(1, '\0');
  }
  return files;
}

/// Two classes and an empty one; the second's pictures were found in the wrong order.
FolderScan example() {
  FolderScan scan;
  scan.root = {".", {7, 8, 9}};
  scan.classes.push_back(class_of("ant", {"ant/1.jpg"}));
  scan.classes.push_back(class_of("bee", {}));
  scan.classes.push_back(class_of("cat", {"cat/2.jpg", "cat/1.jpg"}));
  std::swap(scan.classes[2].offsets[0], scan.classes[2].offsets[1]);
  scan.findings.left_out = {4, 5, 6, "5 .txt (x.txt, ...)"};
  return scan;
}

ListBlock copy(const ListBlock& block, std::size_t bytes) {
  ListBlock copied = ListBlock::of_size(bytes);
  std::copy_n(block.data.get(), std::min(bytes, block.bytes), copied.data.get());
  return copied;
}

TEST(ListBlock, HoldsTheListInOrder) {
  const FolderList list(pack(example(), "/root"));
  ASSERT_EQ(list.size(), 3u);
  EXPECT_STREQ(list.path(0), "ant/1.jpg");
  EXPECT_STREQ(list.path(1), "cat/1.jpg");
  EXPECT_STREQ(list.path(2), "cat/2.jpg");
  EXPECT_EQ(list.label(0), 0u);
  EXPECT_EQ(list.label(1), 1u);
  EXPECT_EQ(list.label(2), 1u);
  EXPECT_THAT(list.classes(), ElementsAre(StrEq("ant"), StrEq("cat")));
  EXPECT_THAT(list.empty_classes(), ElementsAre(StrEq("bee")));
}

TEST(ListBlock, HoldsWhatItWasMadeOf) {
  const FolderList list(pack(example(), "/root"));
  EXPECT_STREQ(list.root(), "/root");
  EXPECT_THAT(list.folders(), ElementsAre(StrEq("."), StrEq("ant"), StrEq("bee"), StrEq("cat")));
  EXPECT_EQ(list.stamp(0), (FolderStamp{7, 8, 9}));
  EXPECT_EQ(list.stamp(3), (FolderStamp{3, 2, 3}));
  EXPECT_EQ(list.left_out().hidden, 4u);
  EXPECT_EQ(list.left_out().other_types, 5u);
  EXPECT_EQ(list.left_out().unreadable_folders, 6u);
  EXPECT_EQ(list.left_out().kinds, "5 .txt (x.txt, ...)");
}

TEST(ListBlock, TheSameScanGivesTheSameBytes) {
  const ListBlock one = pack(example(), "/root"), other = pack(example(), "/root");
  EXPECT_TRUE(std::ranges::equal(one.span(), other.span()));
}

TEST(ListBlock, EveryChangedBitShows) {
  const ListBlock block = pack(example(), "/root");
  ASSERT_TRUE(is_sound(block));
  for (std::size_t bit = 0; bit < block.bytes * 8; ++bit) {
    const ListBlock damaged = copy(block, block.bytes);
    damaged.data[bit / 8] ^= std::byte{1} << bit % 8;
    EXPECT_FALSE(is_sound(damaged)) << bit;
  }
}

TEST(ListBlock, EveryOtherLengthShows) {
  const ListBlock block = pack(example(), "/root");
  for (std::size_t bytes = 0; bytes < block.bytes; ++bytes)
    EXPECT_FALSE(is_sound(copy(block, bytes))) << bytes;
  ListBlock longer = copy(block, block.bytes + 1);
  longer.data[block.bytes] = std::byte{0};
  EXPECT_FALSE(is_sound(longer));
}

TEST(ListBlock, AnotherVersionIsNotSound) {
  const ListBlock block = pack(example(), "/root");
  reinterpret_cast<ListHeader*>(block.data.get())->version = ListHeader::kVersion + 1;
  EXPECT_FALSE(is_sound(block));
}

}  // namespace
}  // namespace feedline

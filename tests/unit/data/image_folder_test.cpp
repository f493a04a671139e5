#include "temp_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/image/image_folder.hpp>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TempFolder;

std::vector<std::string> paths(const ImageFolder& folder) {
  std::vector<std::string> result;
  for (std::uint64_t id = 0; id < folder.size(); ++id) result.emplace_back(folder.relative_path(id));
  return result;
}

/// Makes every folder look as if it had last changed a minute ago.
void let_time_pass(const fs::path& root) {
  const timespec then[2] = {{std::time(nullptr) - 60, 0}, {std::time(nullptr) - 60, 0}};
  utimensat(AT_FDCWD, root.c_str(), then, 0);
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_directory()) utimensat(AT_FDCWD, entry.path().c_str(), then, 0);
  }
}

struct Animals : ::testing::Test {
  Animals() {
    for (const char* name : {"data/dog/b.jpg", "data/dog/a.JPEG", "data/cat/c.png", "data/cat/deep/er/d.jpe"})
      folder.write(name, "x");
    let_time_pass(root);
  }
  ImageFolder open() const { return ImageFolder::open(root, index); }

  TempFolder folder;
  fs::path root = folder / "data", index = folder / "index";
};

TEST_F(Animals, AreListedByClassAndName) {
  const ImageFolder animals = open();
  EXPECT_THAT(animals.classes(), ElementsAre("cat", "dog"));
  EXPECT_THAT(paths(animals), ElementsAre("cat/c.png", "cat/deep/er/d.jpe", "dog/a.JPEG", "dog/b.jpg"));
  EXPECT_EQ(animals.label(0), 0U);
  EXPECT_EQ(animals.label(1), 0U);
  EXPECT_EQ(animals.label(2), 1U);
  EXPECT_EQ(animals.label(3), 1U);
  EXPECT_EQ(animals.describe(3), (root / "dog/b.jpg").native());
  EXPECT_FALSE(animals.from_index());
}

TEST_F(Animals, OtherFilesAreLeftOutAndCounted) {
  folder.write("data/dog/.hidden.jpg", "x");
  folder.write("data/.DS_Store", "x");
  folder.write("data/dog/notes.txt", "x");
  folder.write("data/readme.jpg", "x");
  fs::create_directories(root / "empty");
  const ImageFolder animals = open();
  EXPECT_EQ(animals.size(), 4U);
  EXPECT_THAT(animals.classes(), ElementsAre("cat", "dog"));
  EXPECT_EQ(animals.left_out().hidden, 2U);
  EXPECT_EQ(animals.left_out().other_types, 2U);
}

TEST_F(Animals, NamesMayBeAnyBytes) {
  folder.write("data/b\xFF\xFE/new\nline \xC3\xA9.jpg", "x");
  const ImageFolder animals = open();
  EXPECT_EQ(animals.size(), 5U);
  EXPECT_STREQ(animals.relative_path(0), "b\xFF\xFE/new\nline \xC3\xA9.jpg");
  EXPECT_GE(openat(animals.root_fd(), animals.relative_path(0), O_RDONLY), 0);
}

TEST_F(Animals, LinksAreFollowedButNotInCircles) {
  fs::create_directory_symlink(root / "cat", root / "dog" / "again");
  fs::create_directory_symlink(root / "dog", root / "dog" / "round");
  fs::create_directory_symlink(root, root / "cat" / "up");
  fs::create_symlink(root / "dog/b.jpg", root / "cat" / "link.jpg");
  fs::create_symlink("/no/such/file.jpg", root / "cat" / "broken.jpg");
  EXPECT_THAT(paths(open()),
              ElementsAre("cat/c.png", "cat/deep/er/d.jpe", "cat/link.jpg", "dog/a.JPEG", "dog/again/c.png",
                          "dog/again/deep/er/d.jpe", "dog/again/link.jpg", "dog/b.jpg"));
}

TEST_F(Animals, AreRemembered) {
  const ImageFolder first = open();
  const ImageFolder second = open();
  EXPECT_TRUE(second.from_index());
  EXPECT_EQ(paths(second), paths(first));
  EXPECT_EQ(second.classes(), first.classes());
  EXPECT_EQ(second.label(3), 1U);
}

TEST_F(Animals, AnyChangeIsNoticed) {
  const auto changes =
      std::vector<std::function<void()>>{[&] { folder.write("data/dog/new.jpg", "x"); },
                                         [&] { fs::remove(root / "dog/new.jpg"); },
                                         [&] { fs::rename(root / "dog/a.JPEG", root / "dog/z.jpg"); },
                                         [&] { folder.write("data/cat/deep/er/e.jpg", "x"); },
                                         [&] { folder.write("data/ant/a.jpg", "x"); },
                                         [&] { fs::remove_all(root / "cat/deep"); }};
  for (const auto& change : changes) {
    open();
    EXPECT_TRUE(open().from_index());
    change();
    EXPECT_FALSE(open().from_index());
    EXPECT_EQ(paths(open()), paths(ImageFolder::open(root, {})));
    let_time_pass(root);
    open();
  }
}

// A file that is added within the same tick of the clock leaves the folder's time as it was.
TEST_F(Animals, AFolderThatJustChangedIsNotTrusted) {
  folder.write("data/dog/new.jpg", "x");
  open();
  EXPECT_FALSE(open().from_index());
}

TEST_F(Animals, ADamagedIndexIsNotUsed) {
  open();
  const fs::path file = fs::directory_iterator(index)->path();
  std::ifstream in(file, std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    std::ofstream(file, std::ios::binary) << bad;
    const ImageFolder animals = open();  // writes a good one again
    ASSERT_FALSE(animals.from_index()) << "byte " << at;
    ASSERT_EQ(animals.size(), 4U);
  }
  for (std::size_t bytes = 0; bytes < good.size(); bytes += 3) {
    std::ofstream(file, std::ios::binary) << good.substr(0, bytes);
    ASSERT_FALSE(open().from_index()) << bytes << " bytes";
  }
}

TEST_F(Animals, WorkWithoutAPlaceForTheIndex) {
  EXPECT_EQ(ImageFolder::open(root, "/proc/no/such").size(), 4U);
  EXPECT_EQ(ImageFolder::open(root, {}).size(), 4U);
}

std::string refusal(const fs::path& root) {
  try {
    ImageFolder::open(root, {});
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

TEST(ImageFolder, SaysWhatItLooksFor) {
  const TempFolder folder;
  EXPECT_THAT(refusal(folder / "none"), HasSubstr("no such folder"));
  folder.write("flat/a.jpg", "x");
  EXPECT_THAT(refusal(folder / "flat"), HasSubstr("a folder a class"));
  folder.write("text/class/a.txt", "x");
  EXPECT_THAT(refusal(folder / "text"), HasSubstr("no pictures"));
}

TEST(ImageFolder, PartsAreNoClasses) {
  const TempFolder folder;
  folder.write("data/train/dog/a.jpg", "x");
  folder.write("data/val/dog/b.jpg", "x");
  EXPECT_THAT(refusal(folder / "data"), HasSubstr("--train-data " + (folder / "data/train").string()));
  EXPECT_THAT(refusal(folder / "data"), HasSubstr("--val-data " + (folder / "data/val").string()));
}

}  // namespace
}  // namespace feedline

#include "folder/class_walk.hpp"

#include "picture_folder.hpp"

#include <feedline/common/posix.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::TempFolder;
using testing::touch;

class ClassWalk : public ::testing::Test {
 protected:
  ClassFiles walk(const std::string& name = "cat") const {
    const UniqueFd root(::open(folder_.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    return walk_class(root.get(), name, FolderReader::open(root.get(), ".")->id(), picture_files());
  }

  static std::vector<std::string> paths(const ClassFiles& files) {
    std::vector<std::string> paths;
    for (const auto offset : files.offsets) paths.emplace_back(files.path(offset));
    return paths;
  }

  static std::vector<std::string> folders(const ClassFiles& files) {
    std::vector<std::string> paths;
    for (const WalkedFolder& folder : files.folders) paths.push_back(folder.path);
    return paths;
  }

  TempFolder folder_;
};

TEST(IsPicture, TakesFiveEndingsInAnyCase) {
  for (const char* name : {"a.jpg", "a.JPEG", "a.Jpe", "a.jfif", "a.PNG", "a.b.jpg", "a .png", "\xFF.jpg"})
    EXPECT_TRUE(picture_files().takes(name)) << name;
  for (const char* name :
       {"a.gif", "jpg", "a.jpg.txt", "a.jpgx", "a.", "a", "", ".", ".jpg", "a.jp", "a.jpg "})
    EXPECT_FALSE(picture_files().takes(name)) << name;
}

TEST_F(ClassWalk, SortsBytewiseByTheWholePath) {
  touch(folder_, {"cat/b.jpg", "cat/a/z.jpg", "cat/a.jpg", "cat/a-/y.jpg", "cat/B.jpg", "cat/10.png",
                  "cat/9.png", "cat/\xC3\xA4.jpg"});
  EXPECT_THAT(paths(walk()), ElementsAre("cat/10.png", "cat/9.png", "cat/B.jpg", "cat/a-/y.jpg", "cat/a.jpg",
                                         "cat/a/z.jpg", "cat/b.jpg", "cat/\xC3\xA4.jpg"));
  EXPECT_THAT(folders(walk()), ElementsAre("cat", "cat/a", "cat/a-"));
}

TEST_F(ClassWalk, CountsWhatItLeavesOut) {
  touch(folder_, {"cat/a.jpg", "cat/.hidden.jpg", "cat/.git/x.jpg", "cat/notes.txt", "cat/sub/b.gif"});
  ASSERT_EQ(mkfifo((folder_ / "cat/pipe.jpg").c_str(), 0600), 0);
  const ClassFiles files = walk();
  EXPECT_THAT(paths(files), ElementsAre("cat/a.jpg"));
  EXPECT_EQ(files.findings.left_out.hidden, 2u);
  EXPECT_EQ(files.findings.left_out.other_types, 3u);
  EXPECT_EQ(files.findings.left_out.unreadable_folders, 0u);
  EXPECT_FALSE(files.findings.may_get_better());
}

TEST_F(ClassWalk, FollowsLinksToFilesAndFolders) {
  const TempFolder elsewhere;
  touch(elsewhere, {"one.jpg", "more/two.jpg"});
  touch(folder_, {"cat/a.jpg"});
  fs::create_symlink(elsewhere / "one.jpg", folder_ / "cat/link.jpg");
  fs::create_symlink("a.jpg", folder_ / "cat/same.jpg");
  fs::create_directory_symlink(elsewhere / "more", folder_ / "cat/more");
  fs::create_directory_symlink(elsewhere / "more", folder_ / "cat/like-a-file.jpg");
  EXPECT_THAT(paths(walk()),
              ElementsAre("cat/a.jpg", "cat/like-a-file.jpg/two.jpg", "cat/link.jpg", "cat/same.jpg"));
}

TEST_F(ClassWalk, LinksMayGoRound) {
  touch(folder_, {"cat/a.jpg", "cat/deep/b.jpg", "dog/c.jpg"});
  fs::create_directory_symlink(".", folder_ / "cat/itself");
  fs::create_directory_symlink("..", folder_ / "cat/root");
  fs::create_directory_symlink("..", folder_ / "cat/deep/up");
  fs::create_directory_symlink("../cat", folder_ / "dog/cat");
  fs::create_directory_symlink("../dog", folder_ / "cat/dog");
  EXPECT_THAT(paths(walk("cat")), ElementsAre("cat/a.jpg", "cat/deep/b.jpg", "cat/dog/c.jpg"));
  EXPECT_THAT(paths(walk("dog")), ElementsAre("dog/c.jpg", "dog/cat/a.jpg", "dog/cat/deep/b.jpg"));
}

TEST_F(ClassWalk, AClassThatIsTheRootIsEmpty) {
  touch(folder_, {"cat/a.jpg"});
  fs::create_directory_symlink(".", folder_ / "all");
  EXPECT_THAT(paths(walk("all")), IsEmpty());
}

TEST_F(ClassWalk, OfTwoWaysToAFolderTheFirstInOrderCounts) {
  touch(folder_, {"cat/m/a.jpg"});
  for (const char* name : {"z", "k", "l"}) fs::create_directory_symlink("m", folder_ / "cat" / name);
  EXPECT_THAT(paths(walk()), ElementsAre("cat/k/a.jpg"));
  EXPECT_THAT(folders(walk()), ElementsAre("cat", "cat/k", "cat/l", "cat/m", "cat/z"))
      << "all are watched: a link may come to lead elsewhere";
}

TEST_F(ClassWalk, BrokenLinksMayGetBetter) {
  touch(folder_, {"cat/a.jpg"});
  fs::create_symlink("nowhere", folder_ / "cat/b.jpg");
  fs::create_symlink("c.jpg", folder_ / "cat/c.jpg");
  const ClassFiles files = walk();
  EXPECT_THAT(paths(files), ElementsAre("cat/a.jpg"));
  EXPECT_EQ(files.findings.left_out.other_types, 2u);
  EXPECT_TRUE(files.findings.may_get_better());
}

TEST_F(ClassWalk, FoldersTooDeepToOpenAreUnreadable) {
  touch(folder_, {"cat/a.jpg"});
  const std::string name(200, 'd');
  UniqueFd at(::open((folder_ / "cat").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (int depth = 0; depth < 25; ++depth) {  // 25 * 201 bytes are more than PATH_MAX
    ASSERT_EQ(mkdirat(at.get(), name.c_str(), 0700), 0);
    at.reset(::openat(at.get(), name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  const ClassFiles files = walk();
  EXPECT_THAT(paths(files), ElementsAre("cat/a.jpg"));
  EXPECT_EQ(files.findings.left_out.unreadable_folders, 1u);
  EXPECT_TRUE(files.findings.may_get_better());
}

TEST_F(ClassWalk, AFolderThatIsGone) {
  const ClassFiles files = walk("cat");
  EXPECT_THAT(files.folders, IsEmpty());
  EXPECT_EQ(files.findings.left_out.unreadable_folders, 1u);
}

TEST_F(ClassWalk, ManyFiles) {
  fs::create_directory(folder_ / "cat");
  for (int i = 0; i < 3000; ++i) folder_.write("cat/" + std::to_string(i) + ".jpg", "");
  const auto found = paths(walk());
  EXPECT_THAT(found, SizeIs(3000));
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
}

}  // namespace
}  // namespace feedline

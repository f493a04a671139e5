#include "remembered_folder.hpp"

#include <feedline/common/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using testing::age;
using testing::age_all;
using testing::TempFolder;
using testing::touch;

using FolderIndexChanges = testing::RememberedFolder;

TEST_F(FolderIndexChanges, NoticesAnAddedPicture) {
  expect_noticed([&] { touch(folder_, {"cat/new.jpg"}); });
  expect_noticed([&] { touch(folder_, {"cat/more/new.jpg"}); });
}

TEST_F(FolderIndexChanges, NoticesARemovedPicture) {
  expect_noticed([&] { fs::remove(folder_ / "cat/more/c.png"); });
}

TEST_F(FolderIndexChanges, NoticesARenamedPicture) {
  expect_noticed([&] { fs::rename(folder_ / "cat/a.jpg", folder_ / "cat/z.jpg"); });
  expect_noticed([&] { fs::rename(folder_ / "cat/b.jpg", folder_ / "dog/b.jpg"); });
}

TEST_F(FolderIndexChanges, NoticesClassesThatComeAndGo) {
  expect_noticed([&] { touch(folder_, {"emu/e.jpg"}); });
  expect_noticed([&] { fs::rename(folder_ / "emu", folder_ / "bee"); });
  expect_noticed([&] { fs::remove_all(folder_ / "bee"); });
}

TEST_F(FolderIndexChanges, NoticesSubFoldersThatComeAndGo) {
  expect_noticed([&] { touch(folder_, {"dog/sub/e.jpg"}); });
  expect_noticed([&] { fs::remove_all(folder_ / "cat/more"); });
}

TEST_F(FolderIndexChanges, NoticesAPictureInAnEmptyClass) {
  fs::create_directory(folder_ / "notes");
  expect_noticed([&] { touch(folder_, {"notes/new.jpg"}); });
}

TEST_F(FolderIndexChanges, NoticesAnotherFolderInTheSamePlace) {
  expect_noticed([&] {
    fs::rename(folder_ / "dog", folder_ / ".dog");
    touch(folder_, {"dog/other.jpg"});
  });
}

TEST_F(FolderIndexChanges, NoticesChangesBehindLinks) {
  const TempFolder elsewhere;
  touch(elsewhere, {"one/x.jpg", "two/y.jpg"});
  age_all(elsewhere.path());
  fs::create_directory_symlink("one", elsewhere / "which");
  fs::create_directory_symlink(elsewhere / "which", folder_ / "emu");
  expect_noticed([&] {
    fs::remove(elsewhere / "which");
    fs::create_directory_symlink("two", elsewhere / "which");
  });
  expect_noticed([&] { touch(elsewhere, {"two/z.jpg"}); });
}

TEST_F(FolderIndexChanges, NoticesAChangeAfterWhichTheDateIsPutBack) {
  expect_noticed([&] {
    std::this_thread::sleep_for(
        std::chrono::milliseconds(20));  // file systems' time goes in steps of up to 10
    const auto date = fs::last_write_time(folder_ / "cat");
    touch(folder_, {"cat/new.jpg"});
    fs::last_write_time(folder_ / "cat", date);
  });
}

TEST_F(FolderIndexChanges, RemembersWhatWasFoundAfterAChange) {
  expect_noticed([&] { touch(folder_, {"cat/new.jpg"}); });
  age_all(folder_.path());
  EXPECT_FALSE(remembered());
  EXPECT_TRUE(remembered());
}

TEST_F(FolderIndexChanges, DoesNotRememberWhatWasChangedAMomentAgo) {
  touch(folder_, {"cat/more/new.jpg"});
  EXPECT_FALSE(remembered());
  EXPECT_FALSE(remembered());
  age(folder_ / "cat/more");
  EXPECT_FALSE(remembered());
  EXPECT_TRUE(remembered());
}

TEST_F(FolderIndexChanges, DoesNotRememberWhatMayGetBetter) {
  fs::create_symlink(index_ / "later.jpg", folder_ / "cat/link.jpg");
  age_all(folder_.path());
  EXPECT_FALSE(remembered());
  EXPECT_FALSE(remembered());
  index_.write("later.jpg", "");
  EXPECT_EQ(open().size(), 5u);
  EXPECT_TRUE(remembered());
}

TEST_F(FolderIndexChanges, DoesNotRememberWhatIsRefused) {
  const TempFolder parts;
  touch(parts, {"train/cat/a.jpg", "val/cat/b.jpg"});
  age_all(parts.path());
  EXPECT_THROW(ClassFolder::open(parts.path(), index_.path(), picture_files()), DataError);
  EXPECT_EQ(files_in_index_folder(), 0u);
}

}  // namespace
}  // namespace feedline

#include "folder/folder_index.hpp"

#include "remembered_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using testing::age_all;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::paths_of;
using testing::TempFolder;
using testing::touch;

using FolderIndex = testing::RememberedFolder;

TEST_F(FolderIndex, RemembersTheList) {
  EXPECT_FALSE(open().from_index());
  EXPECT_TRUE(remembered());
  EXPECT_EQ(files_in_index_folder(), 1u);
  const ClassFolder folder = open();
  EXPECT_THAT(folder.classes(), ElementsAre("cat", "dog"));
  EXPECT_EQ(folder.left_out().hidden, 1u);
  EXPECT_EQ(folder.left_out().other_types, 1u);
  EXPECT_EQ(folder.describe(0), (folder_ / "cat/a.jpg").string());
}

TEST_F(FolderIndex, WarnsOfEmptyClassesEachTime) {
  fs::create_directory(folder_ / "notes");
  age_all(folder_.path());
  open();
  ::testing::internal::CaptureStderr();
  EXPECT_TRUE(open().from_index());
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("\"notes\""));
}

TEST_F(FolderIndex, IsTheSameByEveryPathToTheRoot) {
  open();
  const TempFolder other;
  fs::create_directory_symlink(folder_.path(), other / "link");
  EXPECT_TRUE(ClassFolder::open(other / "link", index_.path(), picture_files()).from_index());
  EXPECT_TRUE(ClassFolder::open(folder_ / "cat/..", index_.path(), picture_files()).from_index());
}

TEST_F(FolderIndex, WithoutAFolderNothingIsRemembered) {
  const fs::path before = fs::current_path();
  fs::current_path(index_.path());
  ClassFolder::open(folder_.path(), "", picture_files());
  fs::current_path(before);
  EXPECT_EQ(files_in_index_folder(), 0u);
}

TEST_F(FolderIndex, ATruncatedFileIsNotTrusted) {
  open();
  const std::string whole = index_bytes();
  ASSERT_GT(whole.size(), sizeof(ListHeader));
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    std::ofstream(file(), std::ios::binary) << whole.substr(0, bytes);
    ASSERT_FALSE(remembered()) << bytes << " of " << whole.size();
  }
  EXPECT_TRUE(remembered()) << "it was written anew";
  std::ofstream(file(), std::ios::binary) << whole << 'x';
  EXPECT_FALSE(remembered());
}

TEST_F(FolderIndex, AFlippedBitIsNotTrusted) {
  open();
  const std::string whole = index_bytes();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    std::ofstream(file(), std::ios::binary) << damaged;
    ASSERT_FALSE(remembered()) << "byte " << at;
  }
  EXPECT_TRUE(remembered());
}

TEST_F(FolderIndex, WhatIsNoFileIsNotTrusted) {
  fs::create_directory(file());
  EXPECT_FALSE(remembered());
  EXPECT_FALSE(remembered()) << "and a folder is not replaced";
  fs::remove(file());
  ASSERT_EQ(mkfifo(file().c_str(), 0600), 0);
  EXPECT_FALSE(remembered());
  EXPECT_TRUE(remembered());
}

TEST_F(FolderIndex, TheIndexOfAnotherRootIsNotTrusted) {
  open();
  const TempFolder other;
  touch(other, {"emu/x.jpg"});
  age_all(other.path());
  fs::copy_file(file(), index_file(index_.path(), fs::canonical(other.path()).string(), picture_files()));
  const ClassFolder folder = ClassFolder::open(other.path(), index_.path(), picture_files());
  EXPECT_FALSE(folder.from_index());
  EXPECT_THAT(folder.classes(), ElementsAre("emu"));
}

TEST_F(FolderIndex, MakesTheIndexFolder) {
  ClassFolder::open(folder_.path(), index_ / "a/b", picture_files());
  EXPECT_TRUE(ClassFolder::open(folder_.path(), index_ / "a/b", picture_files()).from_index());
}

TEST_F(FolderIndex, AnIndexFolderThatCannotBeWrittenIsOnlyLogged) {
  fs::permissions(folder_.path(), fs::perms::all);
  fs::permissions(index_.path(), fs::perms::owner_read | fs::perms::group_read | fs::perms::group_exec);
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(testing::without_roots_rights([&] { return open().size(); }), 4u);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("is not remembered: cannot write"));
  fs::permissions(index_.path(), fs::perms::owner_all);
}

TEST_F(FolderIndex, AnIndexFolderThatCannotBeMade) {
  index_.write("file", "");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(ClassFolder::open(folder_.path(), index_ / "file/below", picture_files()).size(), 4u);
  EXPECT_EQ(ClassFolder::open(folder_.path(), "/proc/feedline", picture_files()).size(), 4u);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("cannot write /proc/feedline"));
}

TEST_F(FolderIndex, AFileBeyondTheLimitOnSizesIsNotWritten) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit low{300, before.rlim_max};
  ::testing::internal::CaptureStderr();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &low), 0);
  EXPECT_EQ(open().size(), 4u);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("File too large"));
  EXPECT_EQ(files_in_index_folder(), 0u);
}

TEST_F(FolderIndex, AFailedWriteLeavesNothingBehind) {
  fs::create_directory(file());
  open();
  EXPECT_EQ(files_in_index_folder(), 1u);
}

TEST_F(FolderIndex, ManyOpenAtOnce) {
  std::vector<std::vector<std::string>> seen(6);
  std::vector<std::thread> openers;
  for (auto& paths : seen) openers.emplace_back([&] { paths = paths_of(open()); });
  for (std::thread& opener : openers) opener.join();
  for (const auto& paths : seen) EXPECT_EQ(paths, paths_of(open()));
  EXPECT_TRUE(remembered());
  EXPECT_EQ(files_in_index_folder(), 1u);
}

}  // namespace
}  // namespace feedline

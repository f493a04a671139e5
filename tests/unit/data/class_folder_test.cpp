#include "picture_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::labels_of;
using ::testing::Not;
using testing::paths_of;
using testing::scan;
using testing::TempFolder;
using ::testing::ThrowsMessage;
using testing::touch;

class ImageFolderTest : public ::testing::Test {
 protected:
  template <class Matcher>
  static void expect_refused(const fs::path& root, Matcher matcher) {
    EXPECT_THAT([&] { scan(root); }, ThrowsMessage<DataError>(matcher));
  }

  /// What opening the folder logs.
  std::string logged() const {
    ::testing::internal::CaptureStderr();
    scan(folder_.path());
    return ::testing::internal::GetCapturedStderr();
  }

  TempFolder folder_;
};

TEST_F(ImageFolderTest, AFolderAClass) {
  touch(folder_, {"dog/2.jpg", "cat/b.png", "dog/1.JPEG", "cat/a.jpg", "dog/more/3.jpg"});
  const ClassFolder folder = scan(folder_.path());
  EXPECT_EQ(folder.size(), 5u);
  EXPECT_THAT(folder.classes(), ElementsAre("cat", "dog"));
  EXPECT_THAT(paths_of(folder),
              ElementsAre("cat/a.jpg", "cat/b.png", "dog/1.JPEG", "dog/2.jpg", "dog/more/3.jpg"));
  EXPECT_THAT(labels_of(folder), ElementsAre(0, 0, 1, 1, 1));
  EXPECT_EQ(folder.root(), folder_.path());
  EXPECT_EQ(folder.describe(2), (folder_ / "dog/1.JPEG").string());
  EXPECT_FALSE(folder.from_index());
}

TEST_F(ImageFolderTest, WhatIsNoFileIsNamed) {
  touch(folder_, {"cat/a.jpg", "cat/notes.txt"});
  fs::create_symlink("gone.jpg", folder_ / "cat/b.jpg");
  fs::create_symlink("gone", folder_ / "dog");
  ASSERT_EQ(mkfifo((folder_ / "cat/c.jpg").c_str(), 0600), 0);
  const ClassFolder folder = scan(folder_.path());
  EXPECT_EQ(folder.left_out().other_types, 4u);
  EXPECT_EQ(
      folder.left_out().kinds,
      "1 .txt (cat/notes.txt), 2 leading nowhere (cat/b.jpg, dog), 1 neither file nor folder (cat/c.jpg)");
}

TEST_F(ImageFolderTest, PathsOpenBelowTheRoot) {
  folder_.write("cat/a.jpg", "meow");
  const ClassFolder folder = scan(folder_.path());
  const UniqueFd file(::openat(folder.root_fd(), folder.relative_path(0), O_RDONLY | O_CLOEXEC));
  char text[8] = {};
  EXPECT_EQ(::read(file.get(), text, sizeof text), 4);
  EXPECT_STREQ(text, "meow");
}

TEST_F(ImageFolderTest, ClassesComeBeforePathsInTheOrder) {
  touch(folder_, {"a/x.jpg", "a-b/x.jpg", "B/x.jpg", "10/x.jpg", "9/x.jpg"});
  const ClassFolder folder = scan(folder_.path());
  EXPECT_THAT(folder.classes(), ElementsAre("10", "9", "B", "a", "a-b"));
  EXPECT_THAT(paths_of(folder), ElementsAre("10/x.jpg", "9/x.jpg", "B/x.jpg", "a/x.jpg", "a-b/x.jpg"));
}

TEST_F(ImageFolderTest, NamesMayHoldAnyBytes) {
  touch(folder_, {"two\nlines/a\nb.jpg", "\xFF\xFE/\x80.jpg", "sp ace/ .jpg", "\xE7\x8C\xAB/{}%s\\\".jpg"});
  EXPECT_THAT(paths_of(scan(folder_.path())), ElementsAre("sp ace/ .jpg", "two\nlines/a\nb.jpg",
                                                          "\xE7\x8C\xAB/{}%s\\\".jpg", "\xFF\xFE/\x80.jpg"));
}

TEST_F(ImageFolderTest, CountsWhatItLeavesOut) {
  touch(folder_, {"cat/a.jpg", "cat/.b.jpg", ".cache/x.jpg", "loose.jpg", "README", "cat/readme.txt"});
  const auto left_out = scan(folder_.path()).left_out();
  EXPECT_EQ(left_out.hidden, 2u);
  EXPECT_EQ(left_out.other_types, 3u);
  EXPECT_EQ(left_out.unreadable_folders, 0u);
}

TEST_F(ImageFolderTest, ClassesMayBeLinks) {
  const TempFolder elsewhere;
  touch(elsewhere, {"cats/a.jpg"});
  fs::create_directory_symlink(elsewhere / "cats", folder_ / "cat");
  fs::create_directory_symlink(elsewhere / "cats", folder_ / "kitten");
  fs::create_directory_symlink(elsewhere / "nothing", folder_ / "gone");
  const ClassFolder folder = scan(folder_.path());
  EXPECT_THAT(paths_of(folder), ElementsAre("cat/a.jpg", "kitten/a.jpg"));
  EXPECT_EQ(folder.left_out().other_types, 1u);
}

TEST_F(ImageFolderTest, ARootThatIsALink) {
  touch(folder_, {"data/cat/a.jpg"});
  fs::create_directory_symlink("data", folder_ / "link");
  EXPECT_EQ(scan(folder_ / "link").describe(0), (folder_ / "link/cat/a.jpg").string());
}

TEST_F(ImageFolderTest, FoldersWithoutAPictureAreNoClassesAndNamed) {
  touch(folder_, {"a/notes.txt", "cat/a.jpg", "dog/b.jpg"});
  fs::create_directory(folder_ / "b\nc\xFF");
  EXPECT_THAT(logged(), AllOf(HasSubstr("warning"), HasSubstr(folder_.path().string()),
                              HasSubstr(R"("a", "b\nc\xff")"), Not(HasSubstr("cat"))));
  const ClassFolder folder = scan(folder_.path());
  EXPECT_THAT(folder.classes(), ElementsAre("cat", "dog"));
  EXPECT_THAT(labels_of(folder), ElementsAre(0, 1));
}

TEST_F(ImageFolderTest, ManyFoldersWithoutAPictureAreCounted) {
  touch(folder_, {"zebra/a.jpg"});
  for (int i = 10; i < 30; ++i) fs::create_directory(folder_ / std::to_string(i));
  EXPECT_THAT(logged(), AllOf(HasSubstr("\"19\" and 10 more"), Not(HasSubstr("\"20\""))));
}

TEST_F(ImageFolderTest, NothingIsLoggedWhenAllIsWell) {
  touch(folder_, {"cat/a.jpg"});
  EXPECT_EQ(logged(), "");
}

TEST_F(ImageFolderTest, UnreadableFoldersAreRefusedAtAnyDepth) {
  touch(folder_, {"cat/a.jpg", "cat/locked/b.jpg", "dog/c.jpg"});
  fs::permissions(folder_.path(), fs::perms::all);
  for (const char* locked : {"cat/locked", "dog"}) {
    fs::permissions(folder_ / locked, fs::perms::none);
    testing::without_roots_rights([&] {
      expect_refused(folder_.path(),
                     HasSubstr((folder_ / locked).string() + " cannot be read: Permission denied"));
    });
    fs::permissions(folder_ / locked, fs::perms::all);
  }
  EXPECT_EQ(scan(folder_.path()).size(), 3u);
}

TEST_F(ImageFolderTest, AFolderThatWasRememberedAndCannotBeReadNowIsRefused) {
  const TempFolder index;
  touch(folder_, {"cat/a.jpg", "dog/c.jpg"});
  testing::age_all(folder_.path());
  const auto open = [&] { return ClassFolder::open(folder_.path(), index.path(), picture_files()); };
  EXPECT_EQ(open().size(), 2u);
  EXPECT_TRUE(open().from_index());
  fs::permissions(folder_.path(), fs::perms::all);
  fs::permissions(folder_ / "dog", fs::perms::none);
  testing::without_roots_rights(
      [&] { EXPECT_THAT(open, ThrowsMessage<DataError>(HasSubstr("dog cannot be read"))); });
  fs::permissions(folder_ / "dog", fs::perms::all);
}

TEST_F(ImageFolderTest, LeftOutFilesAreNamedByKindAlsoFromTheIndex) {
  const TempFolder index;
  touch(folder_,
        {"cat/a.jpg", "cat/b.TXT", "cat/c.txt", "cat/x\n.txt", "dog/c.jpg", "dog/0.txt", "dog/LIES"});
  testing::age_all(folder_.path());
  for (const bool remembered : {false, true}) {
    const ClassFolder folder = ClassFolder::open(folder_.path(), index.path(), picture_files());
    EXPECT_EQ(folder.from_index(), remembered);
    EXPECT_EQ(folder.left_out().kinds,
              "1 without an ending (dog/LIES), 4 .txt (cat/b.TXT, cat/c.txt, cat/x\\n.txt, ...)");
  }
}

TEST_F(ImageFolderTest, RootsThatAreNone) {
  expect_refused(folder_ / "nowhere", AllOf(HasSubstr("nowhere"), HasSubstr("no such folder")));
  expect_refused(folder_.write("file", "x"),
                 AllOf(HasSubstr("file is a file"), HasSubstr("Give the folder")));
  const TempFolder locked;
  touch(locked, {"cat/a.jpg"});
  fs::permissions(locked.path(), fs::perms::none);
  testing::without_roots_rights([&] {
    expect_refused(locked.path(), AllOf(HasSubstr(locked.path().string()), HasSubstr("cannot be read"),
                                        HasSubstr("ermission")));
  });
  fs::permissions(locked.path(), fs::perms::owner_all);
}

TEST_F(ImageFolderTest, ManyClassesOnManyThreads) {
  std::vector<std::string> expected;
  for (int label = 100; label < 300; ++label) {
    for (int i = 0; i < 5; ++i) {
      expected.push_back(std::to_string(label) + "/" + std::to_string(i) + ".jpg");
      folder_.write(expected.back(), "");
    }
  }
  EXPECT_EQ(paths_of(scan(folder_.path())), expected);
}

TEST_F(ImageFolderTest, ManyThreadsRead) {
  touch(folder_, {"cat/a.jpg", "cat/b.jpg", "dog/c.jpg"});
  const ClassFolder folder = scan(folder_.path());
  std::vector<std::vector<std::string>> seen(8);
  std::vector<std::thread> readers;
  for (auto& paths : seen) readers.emplace_back([&] { paths = paths_of(folder); });
  for (std::thread& reader : readers) reader.join();
  for (const auto& paths : seen) EXPECT_THAT(paths, ElementsAre("cat/a.jpg", "cat/b.jpg", "dog/c.jpg"));
}

TEST_F(ImageFolderTest, MovesWithItsPaths) {
  touch(folder_, {"cat/a.jpg"});
  ClassFolder folder = scan(folder_.path());
  const char* path = folder.relative_path(0);
  const ClassFolder moved = std::move(folder);
  EXPECT_EQ(moved.relative_path(0), path);
  EXPECT_THAT(moved.classes(), ElementsAre("cat"));
}

}  // namespace
}  // namespace feedline

#include "folder/folder_reader.hpp"

#include "picture_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using testing::TempFolder;
using testing::touch;

TEST(FolderReader, TellsWhatEachNameStandsFor) {
  const TempFolder folder;
  touch(folder, {"file", ".hidden", "folder/x"});
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  fs::create_symlink("file", folder / "to-file");
  fs::create_symlink("folder", folder / "to-folder");
  fs::create_symlink("pipe", folder / "to-pipe");
  fs::create_symlink("nowhere", folder / "to-nothing");
  fs::create_symlink("to-itself", folder / "to-itself");
  auto reader = FolderReader::open(AT_FDCWD, folder.path().c_str());
  ASSERT_TRUE(reader);
  std::map<std::string, EntryKind> kinds;
  while (const dirent* entry = reader->next()) kinds[entry->d_name] = reader->kind(*entry);
  EXPECT_FALSE(reader->failed());
  EXPECT_EQ(kinds, (std::map<std::string, EntryKind>{{"file", EntryKind::kFile},
                                                     {".hidden", EntryKind::kFile},
                                                     {"folder", EntryKind::kFolder},
                                                     {"pipe", EntryKind::kOther},
                                                     {"to-file", EntryKind::kFile},
                                                     {"to-folder", EntryKind::kFolder},
                                                     {"to-pipe", EntryKind::kOther},
                                                     {"to-nothing", EntryKind::kBroken},
                                                     {"to-itself", EntryKind::kBroken}}));
}

TEST(FolderReader, AsksTheFileWhenTheFolderDoesNotTell) {
  const TempFolder folder;
  touch(folder, {"file", "folder/x"});
  const auto reader = FolderReader::open(AT_FDCWD, folder.path().c_str());
  ASSERT_TRUE(reader);
  const auto kind = [&](const std::string& name) {
    dirent entry{};
    entry.d_type = DT_UNKNOWN;
    name.copy(entry.d_name, sizeof entry.d_name - 1);
    return reader->kind(entry);
  };
  EXPECT_EQ(kind("file"), EntryKind::kFile);
  EXPECT_EQ(kind("folder"), EntryKind::kFolder);
  EXPECT_EQ(kind("gone"), EntryKind::kBroken);
}

TEST(FolderReader, OpensOnlyFolders) {
  const TempFolder folder;
  touch(folder, {"file"});
  EXPECT_FALSE(FolderReader::open(AT_FDCWD, (folder / "file").c_str()));
  EXPECT_FALSE(FolderReader::open(AT_FDCWD, (folder / "gone").c_str()));
}

TEST(StampOf, IsTheReadersAndChangesWithTheNames) {
  const TempFolder folder;
  touch(folder, {"sub/a"});
  testing::age(folder / "sub");
  const auto stamp = stamp_of(AT_FDCWD, (folder / "sub").c_str());
  EXPECT_EQ(stamp, FolderReader::open(AT_FDCWD, (folder / "sub").c_str())->stamp());
  folder.write("sub/a", "more");
  EXPECT_EQ(stamp_of(AT_FDCWD, (folder / "sub").c_str()), stamp) << "what is in a file does not matter";
  touch(folder, {"sub/b"});
  EXPECT_NE(stamp_of(AT_FDCWD, (folder / "sub").c_str()), stamp);
}

TEST(StampOf, OnlyFoldersHaveOne) {
  const TempFolder folder;
  touch(folder, {"file"});
  EXPECT_FALSE(stamp_of(AT_FDCWD, (folder / "file").c_str()));
  EXPECT_FALSE(stamp_of(AT_FDCWD, (folder / "gone").c_str()));
}

}  // namespace
}  // namespace feedline

#include "folder/folder_scan.hpp"

#include "picture_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using testing::age_all;
using ::testing::HasSubstr;
using testing::TempFolder;
using ::testing::ThrowsMessage;
using testing::touch;

class FolderScanTest : public ::testing::Test {
 protected:
  FolderScan scan() const {
    const UniqueFd root(::open(folder_.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    return scan_folder(root.get(), folder_.path(), picture_files());
  }

  TempFolder folder_;
};

TEST_F(FolderScanTest, KeepsFoldersWithoutAPicture) {
  touch(folder_, {"cat/a.jpg", "cat/b.jpg", "ant/x.txt", "dog/more/c.jpg", ".x/d.jpg", "loose.jpg"});
  const FolderScan found = scan();
  ASSERT_EQ(found.classes.size(), 3u);
  EXPECT_EQ(found.classes[0].name, "ant");
  EXPECT_EQ(found.classes[1].name, "cat");
  EXPECT_EQ(found.classes[1].offsets.size(), 2u);
  EXPECT_EQ(found.classes[2].folders.size(), 2u);
  EXPECT_EQ(found.files(), 3u);
  EXPECT_EQ(found.findings.left_out.hidden, 1u);
  EXPECT_EQ(found.findings.left_out.other_types, 2u);
  EXPECT_EQ(found.root.path, ".");
}

TEST_F(FolderScanTest, LastsOnceEveryFolderHasSettled) {
  touch(folder_, {"cat/a.jpg", "dog/more/c.jpg"});
  EXPECT_FALSE(scan().lasting());
  for (const char* name : {".", "cat", "dog", "dog/more"}) {
    age_all(folder_.path());
    EXPECT_TRUE(scan().lasting());
    touch(folder_, {(std::string(name) + "/" + std::to_string(std::string(name).size()) + ".jpg").c_str()});
    EXPECT_FALSE(scan().lasting()) << name;
  }
}

TEST_F(FolderScanTest, DoesNotLastWithABrokenLinkBesideTheClasses) {
  touch(folder_, {"cat/a.jpg"});
  fs::create_symlink("nowhere", folder_ / "dog");
  age_all(folder_.path());
  EXPECT_FALSE(scan().lasting());
}

TEST_F(FolderScanTest, ARootThatCannotBeRead) {
  const UniqueFd file(::open(folder_.write("file", "").c_str(), O_PATH | O_CLOEXEC));
  EXPECT_THAT([&] { scan_folder(file.get(), "/the/root", picture_files()); },
              ThrowsMessage<DataError>(HasSubstr("/the/root cannot be read")));
}

}  // namespace
}  // namespace feedline

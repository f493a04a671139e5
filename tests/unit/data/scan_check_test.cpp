#include "picture_folder.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::scan;
using testing::TempFolder;
using ::testing::ThrowsMessage;
using testing::touch;

class ScanCheck : public ::testing::Test {
 protected:
  template <class Matcher>
  static void expect_refused(const fs::path& root, Matcher matcher) {
    EXPECT_THAT([&] { scan(root); }, ThrowsMessage<DataError>(matcher));
  }

  TempFolder folder_;
};

TEST_F(ScanCheck, WithoutPicturesSaysWhatIsThere) {
  expect_refused(folder_.path(), AllOf(HasSubstr(folder_.path().string()), HasSubstr("found nothing"),
                                       HasSubstr("one folder a class")));
  touch(folder_, {"a.jpg", "b.jpg", "cat/readme.txt"});
  expect_refused(folder_.path(),
                 AllOf(HasSubstr("found a.jpg, b.jpg, cat"), HasSubstr("one folder a class")));
}

TEST_F(ScanCheck, WithoutPicturesBecauseFoldersAreLocked) {
  touch(folder_, {"cat/a.jpg"});
  fs::permissions(folder_.path(), fs::perms::all);
  fs::permissions(folder_ / "cat", fs::perms::none);
  testing::without_roots_rights([&] {
    expect_refused(folder_.path(), HasSubstr("1 of its folders cannot be read, check their permissions"));
  });
  fs::permissions(folder_ / "cat", fs::perms::owner_all);
}

TEST_F(ScanCheck, PartsOfADataSetAreRefusedWithTheFlags) {
  for (const char* val : {"val", "valid", "validation", "test", "Val"}) {
    const TempFolder folder;
    touch(folder, {"train/cat/a.jpg", "train/dog/b.jpg", "notes/x.txt"});
    folder.write(std::string(val) + "/cat/c.jpg", "");
    const std::string place = folder.path().string() + "/";
    expect_refused(folder.path(), HasSubstr("--train-data " + place + "train --val-data " + place + val));
  }
}

TEST_F(ScanCheck, PartsOfWhichOneHasNoClasses) {
  touch(folder_, {"train/cat/a.jpg", "test/1.jpg"});
  expect_refused(folder_.path(), AllOf(HasSubstr("--train-data " + (folder_ / "train").string()),
                                       Not(HasSubstr("--val-data"))));
  touch(folder_, {"val/cat/a.jpg"});
  expect_refused(folder_.path(), HasSubstr("--val-data " + (folder_ / "val").string()));
}

TEST_F(ScanCheck, ClassesThatAreCalledTrainAndTest) {
  touch(folder_, {"train/steam.jpg", "train/old/x.jpg", "test/exam.jpg", "valid/y.jpg"});
  EXPECT_THAT(scan(folder_.path()).classes(), ElementsAre("test", "train", "valid"));
}

}  // namespace
}  // namespace feedline

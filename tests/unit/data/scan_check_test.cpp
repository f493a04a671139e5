#include "picture_folder.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

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
    expect_refused(folder_.path(), AllOf(HasSubstr((folder_ / "cat").string() + " cannot be read"),
                                         HasSubstr("permissions")));
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

TEST_F(ScanCheck, PartsInEveryCommonSpelling) {
  using Names = std::pair<const char*, const char*>;
  for (const auto& [train, val] : {Names{"training", "validation"},
                                   {"Training", "Testing"},
                                   {"seg_train", "seg_test"},
                                   {"train", "dev"},
                                   {"training_set", "test_set"},
                                   {"train2017", "val2017"},
                                   {"TRAIN", "EVAL"},
                                   {"data-train", "data-valid"}}) {
    const TempFolder folder;
    for (const std::string part : {train, val}) {
      folder.write(part + "/cat/a.jpg", "");
      folder.write(part + "/dog/b.jpg", "");
    }
    const std::string place = folder.path().string() + "/";
    expect_refused(folder.path(), HasSubstr("--train-data " + place + train + " --val-data " + place + val));
  }
}

TEST_F(ScanCheck, PartsInAFolderOfTheirOwnName) {
  touch(folder_, {"seg_train/seg_train/cat/a.jpg", "seg_train/seg_train/dog/a.jpg",
                  "seg_test/seg_test/cat/b.jpg", "seg_test/seg_test/dog/b.jpg"});
  expect_refused(folder_.path(), HasSubstr("--train-data " + (folder_ / "seg_train/seg_train").string() +
                                           " --val-data " + (folder_ / "seg_test/seg_test").string()));
}

TEST_F(ScanCheck, AClassOfFilesThatAreNotReadIsRefused) {
  for (const char* ending : {".webp", ".GIF", ".tiff", ".bmp", ".heic", ".avif", ".npy"}) {
    const TempFolder folder;
    touch(folder, {"cat/a.jpg", "dog/c.jpg"});
    folder.write(std::string("emu/x") + ending, "");
    expect_refused(folder.path(), AllOf(HasSubstr((folder / "emu").string()),
                                        HasSubstr(std::string("emu/x") + ending), HasSubstr("are not read")));
  }
}

TEST_F(ScanCheck, FilesThatAreNotReadBesideOthersAreLeftOut) {
  touch(folder_, {"cat/a.jpg", "cat/b.webp", "dog/c.jpg", "notes/readme.txt"});
  const ClassFolder folder = scan(folder_.path());
  EXPECT_EQ(folder.size(), 2u);
  EXPECT_THAT(folder.left_out().kinds, HasSubstr("1 .webp (cat/b.webp)"));
}

TEST_F(ScanCheck, NothingButFilesThatAreNotRead) {
  touch(folder_, {"cat/a.webp", "dog/b.webp"});
  expect_refused(folder_.path(), AllOf(HasSubstr("2 .webp (cat/a.webp, dog/b.webp)"), HasSubstr("convert")));
}

}  // namespace
}  // namespace feedline

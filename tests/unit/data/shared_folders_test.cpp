#include "folder/shared_folders.hpp"

#include "picture_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/open_data.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::scan;
using testing::TempFolder;
using testing::touch;

struct SharedFolders : ::testing::Test {
  SharedFolders() { touch(train, {"cat/a.jpg", "dog/b.jpg"}); }

  /// What is said of validation.
  static std::string said(const fs::path& trained, const fs::path& validated) {
    const ClassFolder one = scan(trained), other = scan(validated);
    ::testing::internal::CaptureStderr();
    warn_of_trained_on(one, other);
    return ::testing::internal::GetCapturedStderr();
  }

  TempFolder train;
};

TEST_F(SharedFolders, OtherValidationIsNotSpokenOf) {
  const TempFolder val;
  touch(val, {"cat/a.jpg", "dog/b.jpg"});
  EXPECT_THAT(said(train.path(), val.path()), IsEmpty());
}

TEST_F(SharedFolders, TheSameFolderIsTold) {
  const TempFolder links;
  fs::create_directory_symlink(train.path(), links / "val");
  EXPECT_THAT(said(train.path(), train.path()), HasSubstr("is what is trained on"));
  EXPECT_THAT(said(train.path(), links / "val"), HasSubstr("/val is what is trained on"));
  for (const char* name : {"cat", "dog"}) fs::create_directory_symlink(train / name, links / name);
  fs::remove(links / "val");
  EXPECT_THAT(said(train.path(), links.path()), HasSubstr("is what is trained on"));
}

TEST_F(SharedFolders, ASharedClassIsNamed) {
  const TempFolder val;
  touch(val, {"cat/other.jpg"});
  fs::create_directory_symlink(train / "dog", val / "dog");
  EXPECT_THAT(said(train.path(), val.path()),
              AllOf(HasSubstr("1 of 2 classes"), HasSubstr("(dog)"), HasSubstr("better than it is")));
}

TEST_F(SharedFolders, ClassesThatAreOneFolderAreNamed) {
  fs::create_directory_symlink("dog", train / "hound");
  ::testing::internal::CaptureStderr();
  const ClassFolder folder = scan(train.path());
  EXPECT_EQ(count_class_folders(folder), 2u);
  warn_of_shared_classes(folder);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("hound is dog"));
}

TEST_F(SharedFolders, OneFolderUnderTwoNamesIsOneClass) {
  fs::remove_all(train / "cat");
  fs::create_directory_symlink("dog", train / "hound");
  DataOptions options;
  options.train_data = train.path();
  try {
    open_data(options);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("one class only"));
  }
}

}  // namespace
}  // namespace feedline

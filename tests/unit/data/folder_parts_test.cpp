#include "folder/folder_parts.hpp"

#include "folder/class_names.hpp"
#include "folder/first_file.hpp"
#include "temp_folder.hpp"

#include <feedline/data/file_kind.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace feedline {
namespace {

using ::testing::Optional;
using ::testing::Pair;

TEST(FolderParts, AreToldByTheWordsOfTheirNames) {
  for (const char* name : {"train", "Training", "seg_train", "train2017", "my-train-data", "train_test"})
    EXPECT_EQ(part_of(name), SetPart::kTrain) << name;
  for (const char* name : {"val", "valid", "Validation", "dev", "val2017", "test-val", "eval_set"})
    EXPECT_EQ(part_of(name), SetPart::kValidation) << name;
  for (const char* name : {"test", "Testing", "seg_test", "test_set"})
    EXPECT_EQ(part_of(name), SetPart::kTest) << name;
  for (const char* name : {"trainer", "device", "cat", "", "valley", "contest", "2017"})
    EXPECT_EQ(part_of(name), SetPart::kNone) << name;
}

TEST(FolderParts, TheFolderOfTheClasses) {
  EXPECT_EQ(common_folder("train", "train/cat/1.jpg", "train/dog/1.jpg"), "train");
  EXPECT_EQ(common_folder("a", "a/b/c/cat/1.jpg", "a/b/c/dog/x/1.jpg"), "a/b/c");
  EXPECT_EQ(common_folder("a", "a/b/1.jpg", "a/b/2.jpg"), "a") << "b is a class";
  EXPECT_EQ(common_folder("a", "a/1.jpg", "a/2.jpg"), "a");
  EXPECT_EQ(common_folder("a", "a/bc/1.jpg", "a/bd/1.jpg"), "a") << "names that begin alike";
}

TEST(ClassNames, ThatLookTheSameAreFound) {
  EXPECT_EQ(find_look_alikes({"a", "b", "\xFF"}), std::nullopt);
  EXPECT_THAT(find_look_alikes({"cafe\xCC\x81", "caf\xC3\xA9", "x"}),
              Optional(Pair("cafe\xCC\x81", "caf\xC3\xA9")));
}

TEST(FirstFile, GoesByNamesAndNotByTheOrderOnTheDisk) {
  const testing::TempFolder folder;
  for (const char* name : {"b/2.jpg", "b/1.jpg", "a/x/0.jpg", "a/notes.txt", ".hidden/0.jpg"})
    folder.write(name, "");
  const auto first = [&] {
    return find_first_file(folder.path(), [](std::string_view name) { return picture_files().takes(name); });
  };
  EXPECT_THAT(first(), Optional(std::string("a/x/0.jpg")));
  folder.write("z.jpg", "");
  EXPECT_THAT(first(), Optional(std::string("z.jpg")));
  EXPECT_EQ(find_first_file(folder.path(), [](std::string_view) { return false; }), std::nullopt);
}

}  // namespace
}  // namespace feedline

#include "idx_files.hpp"
#include "loading.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/open_data.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

namespace feedline {
namespace {

using ::testing::AllOf;
using testing::gzip;
using ::testing::HasSubstr;
using testing::idx_bytes;
using testing::labels;
using testing::load;
using testing::noise;
using ::testing::Not;
using testing::TempFolder;
using ::testing::ThrowsMessage;
using testing::write_pair;

class OpenData : public ::testing::Test {
 protected:
  DataOptions options() const {
    DataOptions options;
    options.train_data = folder_.path();
    return options;
  }
  DataSplits open() const { return open_data(options()); }

  template <class ErrorType, class Matcher>
  static void expect_refused(const DataOptions& options, Matcher matcher) {
    EXPECT_THAT([&] { open_data(options); }, ThrowsMessage<ErrorType>(matcher));
  }

  TempFolder folder_;
};

TEST_F(OpenData, FourFiles) {
  write_pair(folder_, "train", 50);
  write_pair(folder_, "t10k", 20);
  const DataSplits data = open();
  EXPECT_EQ(data.train->size(), 50u);
  EXPECT_EQ(data.val->size(), 20u);
  EXPECT_EQ(data.info.task, Task::kImage);
  EXPECT_EQ(data.info.train_size, 50u);
  EXPECT_EQ(data.info.val_size, 20u);
  EXPECT_EQ(data.info.classes, 10u);
  EXPECT_EQ(data.info.tensors, data.train->tensors());
  EXPECT_EQ(data.info.normalization.mean.size(), 1u);
  EXPECT_EQ(data.val->describe(3), "t10k-images-idx3-ubyte[3]");
}

TEST_F(OpenData, EveryUsualName) {
  const std::string pictures = idx_bytes({3, 2, 2}, noise(12)), classes = idx_bytes({3}, labels(3));
  const std::string colours = idx_bytes({3, 3, 2, 2}, noise(36));
  struct Names {
    const char *images, *labels;
    const std::string* bytes;
  };
  for (const Names& names : {Names{"train-images-idx3-ubyte", "train-labels-idx1-ubyte", &pictures},
                             {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte", &pictures},
                             {"train-images.idx3-ubyte", "train-labels.idx1-ubyte", &pictures},
                             {"train-images.idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", &pictures},
                             {"train-images-idx4-ubyte", "train-labels-idx1-ubyte", &colours},
                             {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", &colours}}) {
    const TempFolder folder;
    folder.write(names.images, gzip(*names.bytes));
    folder.write(names.labels, classes);
    DataOptions given;
    given.train_data = folder.path();
    given.val_fraction = 0;
    EXPECT_EQ(open_data(given).train->size(), 3u) << names.images;
  }
}

TEST_F(OpenData, HoldsAFractionOutWithoutOtherValidationData) {
  write_pair(folder_, "train", 50);
  const DataSplits data = open();
  EXPECT_EQ(data.val->size(), 5u);
  EXPECT_EQ(data.train->size(), 45u);
  EXPECT_EQ(data.info.val_size, 5u);
  std::set<std::uint64_t> ids;
  for (const auto& part : {data.train, data.val})
    for (std::uint64_t id = 0; id < part->size(); ++id) ids.insert(part->sample_id(id));
  EXPECT_EQ(ids.size(), 50u);
}

TEST_F(OpenData, TheFractionIsRoundedAndLeavesOneToTrainOn) {
  write_pair(folder_, "train", 7);
  const auto val_size = [&](double fraction) {
    DataOptions given = options();
    given.val_fraction = fraction;
    const DataSplits data = open_data(given);
    EXPECT_EQ(data.train->size() + data.val->size(), 7u);
    return data.val->size();
  };
  EXPECT_EQ(val_size(0), 0u);
  EXPECT_EQ(val_size(0.05), 0u);
  EXPECT_EQ(val_size(0.1), 1u);
  EXPECT_EQ(val_size(0.5), 4u);
  EXPECT_EQ(val_size(0.99), 6u);
}

TEST_F(OpenData, TheSeedChoosesThePart) {
  write_pair(folder_, "train", 200);
  const auto val_ids = [&](std::uint64_t seed) {
    DataOptions given = options();
    given.seed = seed;
    const DataSplits data = open_data(given);
    std::set<std::uint64_t> ids;
    for (std::uint64_t id = 0; id < data.val->size(); ++id) ids.insert(data.val->sample_id(id));
    return ids;
  };
  EXPECT_EQ(val_ids(1), val_ids(1));
  EXPECT_NE(val_ids(1), val_ids(2));
}

TEST_F(OpenData, OnlyTrainingIsAugmented) {
  write_pair(folder_, "train", 100);
  const DataSplits data = open();
  DataOptions plain_options = options();
  plain_options.augment = Augment::kNone;
  const DataSplits plain = open_data(plain_options);
  int changed = 0;
  for (std::uint64_t id = 0; id < data.train->size(); ++id)
    changed += load(*data.train, {1, 1, id}) == load(*plain.train, {1, 1, id}) ? 0 : 1;
  EXPECT_GT(changed, 60);
  for (std::uint64_t id = 0; id < data.val->size(); ++id)
    EXPECT_EQ(load(*data.val, {1, 1, id}), load(*plain.val, {2, 2, id}));
}

TEST_F(OpenData, ValDataComesBeforeTheTestFiles) {
  write_pair(folder_, "train", 50);
  write_pair(folder_, "t10k", 20);
  const TempFolder other;
  write_pair(other, "train", 9);
  DataOptions given = options();
  given.val_data = other.path();
  EXPECT_EQ(open_data(given).val->size(), 9u) << "its training files when it has no others";
  write_pair(other, "t10k", 8);
  EXPECT_EQ(open_data(given).val->size(), 8u) << "its test files when it has them";
  EXPECT_EQ(open_data(given).train->size(), 50u);
}

TEST_F(OpenData, FoldersThatAreNone) {
  DataOptions given = options();
  given.train_data = folder_ / "nowhere";
  expect_refused<DataError>(given,
                            AllOf(HasSubstr("--train-data"), HasSubstr("nowhere"), HasSubstr("no such")));
  given.train_data = folder_.write("file", "x");
  expect_refused<DataError>(given, AllOf(HasSubstr("file is a file"), HasSubstr("Give the folder")));
  write_pair(folder_, "train", 5);
  given = options();
  given.val_data = folder_ / "nowhere";
  expect_refused<DataError>(given, AllOf(HasSubstr("--val-data"), HasSubstr("nowhere")));
}

TEST_F(OpenData, FoldersWithoutIdxFiles) {
  const auto looked_for = AllOf(HasSubstr("train-images-idx3-ubyte"), HasSubstr("train-labels-idx1-ubyte"),
                                HasSubstr("a folder a class"), HasSubstr("IDX"));
  expect_refused<DataError>(options(), AllOf(looked_for, HasSubstr("found nothing")));
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "f.jpg", "g.jpg"})
    folder_.write(name, "");
  expect_refused<DataError>(
      options(), AllOf(looked_for, HasSubstr("found a.jpg, b.jpg, c.jpg, d.jpg, e.jpg and 2 more")));
}

TEST_F(OpenData, ValDataWithoutIdxFiles) {
  write_pair(folder_, "train", 5);
  const TempFolder other;
  other.write("readme", "");
  DataOptions given = options();
  given.val_data = other.path();
  expect_refused<DataError>(given, AllOf(HasSubstr("--val-data " + other.path().string()),
                                         HasSubstr("t10k-images-idx3-ubyte"), HasSubstr("found readme")));
}

TEST_F(OpenData, OneFileOfTwo) {
  write_pair(folder_, "train", 5);
  std::filesystem::remove(folder_ / "train-labels-idx1-ubyte");
  expect_refused<DataError>(options(),
                            AllOf(HasSubstr(folder_.path().string() + " has train-images-idx3-ubyte"),
                                  HasSubstr("no train-labels-idx1-ubyte")));
  write_pair(folder_, "train", 5);
  std::filesystem::remove(folder_ / "train-images-idx3-ubyte");
  expect_refused<DataError>(options(), HasSubstr("no train-images-idx3-ubyte"));
  write_pair(folder_, "train", 5);
  folder_.write("t10k-images-idx3-ubyte", "");
  expect_refused<DataError>(options(), HasSubstr("no t10k-labels-idx1-ubyte"));
}

TEST_F(OpenData, AFolderInPlaceOfAFile) {
  write_pair(folder_, "train", 5);
  std::filesystem::remove(folder_ / "train-images-idx3-ubyte");
  std::filesystem::create_directory(folder_ / "train-images-idx3-ubyte");
  expect_refused<DataError>(options(), AllOf(HasSubstr((folder_ / "train-images-idx3-ubyte").string()),
                                             HasSubstr("it is a folder")));
}

TEST_F(OpenData, Tasks) {
  write_pair(folder_, "train", 5);
  for (const char* task : {"auto", "image"}) {
    DataOptions given = options();
    given.task = parse_task(task);
    EXPECT_EQ(open_data(given).info.task, Task::kImage);
  }
  for (const char* task : {"audio", "speech"}) {
    DataOptions given = options();
    given.task = parse_task(task);
    expect_refused<UsageError>(given,
                               AllOf(HasSubstr(std::string("--task ") + task), HasSubstr("--task image")));
  }
}

TEST_F(OpenData, TheDefaultBatchIsShrunkToTheSetAndAnotherIsNot) {
  write_pair(folder_, "train", 20);
  DataOptions given = options();
  given.val_fraction = 0;
  EXPECT_EQ(open_data(given).info.buckets[0].shape.capacity, 64u);
  given.batch_size_given = false;
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(open_data(given).info.buckets[0].shape.capacity, 20u);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("Batches have 20 samples"));
}

TEST_F(OpenData, ValidationOnTheTrainingDataIsTold) {
  const auto said = [](const DataOptions& options) {
    ::testing::internal::CaptureStderr();
    open_data(options);
    return ::testing::internal::GetCapturedStderr();
  };
  write_pair(folder_, "train", 8);
  DataOptions options = this->options();
  EXPECT_THAT(said(options), Not(HasSubstr("better than it is")));
  options.val_data = folder_.path();
  EXPECT_THAT(said(options), HasSubstr("better than it is"));
  const TempFolder other;
  std::filesystem::copy(folder_.path(), other.path(), std::filesystem::copy_options::recursive);
  options.val_data = other.path();
  EXPECT_THAT(said(options), HasSubstr("better than it is")) << "a copy is the same data";
  write_pair(other, "t10k", 4);
  EXPECT_THAT(said(options), Not(HasSubstr("better than it is")));
}

TEST_F(OpenData, LabelsOfOneClassAreRefusedWhateverTheyAre) {
  folder_.write("train-images-idx3-ubyte", idx_bytes({3, 6, 5}, noise(90)));
  for (const char label : {'\0', '\5'}) {
    folder_.write("train-labels-idx1-ubyte", idx_bytes({3}, std::string(3, label)));
    expect_refused<DataError>(options(), HasSubstr("labels of one class only"));
  }
}

TEST_F(OpenData, OneClassIsRefused) {
  write_pair(folder_, "train", 5, 1);
  expect_refused<DataError>(options(),
                            AllOf(HasSubstr("train-labels-idx1-ubyte"), HasSubstr("one class only")));
  const TempFolder pictures;
  pictures.write("all/cat/1.jpg", "");
  pictures.write("all/dog/1.jpg", "");
  DataOptions given = options();
  given.train_data = pictures.path();
  expect_refused<DataError>(given, HasSubstr("use --train-data " + (pictures / "all").string()));
  const TempFolder sounds;
  sounds.write("wavs/1.wav", "");
  sounds.write("metadata.txt", "1|one");
  given.train_data = sounds.path();
  expect_refused<DataError>(given, AllOf(HasSubstr("metadata.txt"), HasSubstr("metadata.csv")));
  given.task = Task::kAudio;
  expect_refused<DataError>(given, AllOf(HasSubstr("one class only"), HasSubstr("metadata.txt")));
}

TEST_F(OpenData, WhatTheUserSaysWinsAndAGuessIsSaidWithItsReason) {
  for (const char* name : {"cat/1.jpg", "dog/1.jpg", "metadata.csv"}) folder_.write(name, "");
  for (const char* task : {"auto", "image"}) {
    DataOptions given = options();
    given.task = parse_task(task);
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(open_data(given).info.task, Task::kImage);
    const std::string said = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(said.find("Read as --task image: cat/1.jpg") != std::string::npos, !given.task) << said;
  }
  folder_.write("dog/1.wav", "");
  expect_refused<DataError>(options(), HasSubstr("metadata.csv"));  // recordings with texts, so it is read
  DataOptions given = options();
  given.task = Task::kImage;
  EXPECT_EQ(open_data(given).info.task, Task::kImage);
}

TEST_F(OpenData, AClassThatWouldHaveToBeConvertedIsRefused) {
  for (const char* name : {"yes/1.wav", "no/1.m4a"}) folder_.write(name, "");
  expect_refused<DataError>(options(),
                            AllOf(HasSubstr((folder_ / "no").string()), HasSubstr("1 .m4a (no/1.m4a)"),
                                  HasSubstr("ffmpeg -i no/1.m4a no/1.wav")));
  std::filesystem::remove_all(folder_ / "yes");
  expect_refused<DataError>(options(), HasSubstr("1 .m4a (no/1.m4a)"));
}

TEST_F(OpenData, ValidationOfAnotherSizeIsRefusedWithBothFiles) {
  write_pair(folder_, "train", 5);
  folder_.write("t10k-images-idx3-ubyte", idx_bytes({5, 7, 5}, noise(175)));
  folder_.write("t10k-labels-idx1-ubyte", idx_bytes({5}, labels(5)));
  expect_refused<DataError>(
      options(), AllOf(HasSubstr((folder_ / "train-images-idx3-ubyte").string() + " are 1 x 6 x 5"),
                       HasSubstr((folder_ / "t10k-images-idx3-ubyte").string() + " are 1 x 7 x 5")));
}

TEST_F(OpenData, ValidationOfOtherClassesIsRefusedWithBothFiles) {
  write_pair(folder_, "train", 30, 10);
  write_pair(folder_, "t10k", 30, 12);
  expect_refused<DataError>(
      options(), AllOf(HasSubstr((folder_ / "t10k-labels-idx1-ubyte").string() + " has labels up to 11"),
                       HasSubstr((folder_ / "train-labels-idx1-ubyte").string() + " end at 9")));
  write_pair(folder_, "t10k", 30, 8);
  EXPECT_EQ(open().info.classes, 10u) << "fewer classes are no harm";
}

TEST_F(OpenData, StrongAugmentationIsRefused) {
  write_pair(folder_, "train", 5);
  DataOptions given = options();
  given.augment = Augment::kStrong;
  expect_refused<UsageError>(given, HasSubstr("--augment strong"));
}

}  // namespace
}  // namespace feedline

#include "format/data_format.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace feedline {
namespace {

TEST(DataFormats, NamesDiffer) {
  std::set<std::string_view> names;
  for (const DataFormat& format : data_formats()) EXPECT_TRUE(names.insert(format.name).second);
}

TEST(DataFormats, EachRowIsWhole) {
  for (const DataFormat& format : data_formats()) {
    SCOPED_TRACE(format.name);
    EXPECT_TRUE(format.recognise && format.can_read && format.open && format.trained_on &&
                format.open_labelled);
    EXPECT_EQ(format.open_files != nullptr, format.file_kind != nullptr);
    EXPECT_EQ(format.open_files == nullptr, !format.instead_of_files.empty());
  }
}

TEST(DataFormats, AModelNamesTheFormatThatItWasTrainedOn) {
  const auto name = [](Task task, const char* class_names) {
    DataInfo info;
    info.task = task;
    info.class_names = class_names;
    return format_of(info).name;
  };
  EXPECT_EQ(name(Task::kImage, ""), "IDX files");
  EXPECT_EQ(name(Task::kImage, "cat\ndog\n"), "pictures");
  EXPECT_EQ(name(Task::kAudio, "no\nyes\n"), "recordings");
  EXPECT_EQ(name(Task::kAudio, ""), "recordings") << "of a checkpoint without names";
  EXPECT_EQ(name(Task::kSpeech, ""), "speech");
}

TEST(Task, NamesAreReadBack) {
  for (const Task task : kTasks) EXPECT_EQ(parse_task(task_name(task)), task);
  EXPECT_EQ(parse_task("auto"), std::nullopt);
  EXPECT_EQ(parse_task(""), std::nullopt);
}

}  // namespace
}  // namespace feedline

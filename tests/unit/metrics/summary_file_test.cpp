#include "example_summary.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class SummaryFile : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string read(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  static std::string refusal(const fs::path& path) {
    try {
      write_summary(path, Summary{});
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  }

  const fs::path folder_ = testing::TempDir() + "feedline_summary_test_" + std::to_string(::getpid());
};

TEST_F(SummaryFile, IsWrittenWholeAndAlone) {
  write_summary(folder_ / "run.json", example_summary());
  EXPECT_EQ(read(folder_ / "run.json"), to_json(example_summary()));
  EXPECT_EQ(files(), 1u);
}

TEST_F(SummaryFile, ReplacesAnOlderOne) {
  std::ofstream(folder_ / "run.json") << std::string(100000, 'x');
  write_summary(folder_ / "run.json", example_summary());
  EXPECT_EQ(read(folder_ / "run.json"), to_json(example_summary()));
}

TEST_F(SummaryFile, ALinkStaysALink) {
  std::ofstream(folder_ / "target.json") << "old";
  fs::create_symlink(folder_ / "target.json", folder_ / "link.json");
  write_summary(folder_ / "link.json", example_summary());
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.json"));
  EXPECT_EQ(read(folder_ / "target.json"), to_json(example_summary()));
}

TEST_F(SummaryFile, ALinkLaidUnderAGuessedTemporaryNameIsNotFollowed) {
  std::ofstream(folder_ / "victim") << "precious";
  fs::create_symlink(folder_ / "victim", folder_ / ("run.json.tmp." + std::to_string(::getpid())));
  write_summary(folder_ / "run.json", example_summary());
  EXPECT_EQ(read(folder_ / "victim"), "precious");
  EXPECT_FALSE(fs::is_symlink(folder_ / "run.json"));
  EXPECT_EQ(read(folder_ / "run.json"), to_json(example_summary()));
}

TEST_F(SummaryFile, ADeviceStaysADevice) {
  write_summary("/dev/null", example_summary());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(SummaryFile, APathThatCannotBeWrittenIsNamed) {
  EXPECT_THAT(refusal(folder_ / "missing" / "run.json"),
              AllOf(HasSubstr("missing/run.json"), HasSubstr("No such file"), HasSubstr("--summary")));
  EXPECT_THAT(refusal(folder_), HasSubstr("it is a folder"));
  EXPECT_EQ(files(), 0u);
}

TEST_F(SummaryFile, CanBeCheckedBeforeTheRun) {
  EXPECT_NO_THROW(check_summary_path(folder_ / "run.json"));
  EXPECT_NO_THROW(check_summary_path("run.json"));
  EXPECT_THROW(check_summary_path(folder_ / "missing" / "run.json"), UsageError);
  EXPECT_EQ(files(), 0u);
}

}  // namespace
}  // namespace feedline

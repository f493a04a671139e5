#include "temp_folder.hpp"

#include <feedline/checkpoint/checkpoint_folder.hpp>
#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

CheckpointPart part(const std::string& name, const std::string& text) {
  return {name, [text](const ByteSink& sink) { sink(std::as_bytes(std::span(text))); }};
}

std::vector<std::string> names(const std::vector<fs::path>& paths) {
  std::vector<std::string> found;
  for (const fs::path& path : paths) found.push_back(path.filename().string());
  return found;
}

std::vector<std::string> everything_in(const fs::path& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path().filename().string());
  std::sort(found.begin(), found.end());
  return found;
}

class CheckpointFolderTest : public ::testing::Test {
 protected:
  testing::TempFolder temp_;
  fs::path path_ = temp_ / "a/b";
};

TEST_F(CheckpointFolderTest, CommitsWhatVerifies) {
  CheckpointFolder folder(path_);
  const fs::path made = folder.commit("step-000000007", {part("one", "1"), part("two", "22")});
  EXPECT_EQ(made, path_ / "step-000000007");
  EXPECT_EQ(verify_checkpoint(made).parts.size(), 2u);
  EXPECT_EQ(read_text(made / "two"), "22");
  EXPECT_THAT(everything_in(path_), ElementsAre("step-000000007"));
}

TEST_F(CheckpointFolderTest, ListsTheNewestFirst) {
  CheckpointFolder folder(path_);
  for (const CheckpointName name : {CheckpointName{9, 0}, {100, 0}, {100, 2}, {20, 1}})
    folder.commit(name.text(), {part("one", "1")});
  fs::create_directory(path_ / "mine");
  EXPECT_THAT(names(folder.list()), ElementsAre("step-000000100-epoch-2", "step-000000100",
                                                "step-000000020-epoch-1", "step-000000009"));
}

TEST_F(CheckpointFolderTest, AFailedCommitLeavesNoTraceAndTheOldOneInPlace) {
  CheckpointFolder folder(path_);
  folder.commit("step-000000001", {part("one", "old")});
  const CheckpointPart broken = {"two", [](const ByteSink&) { throw std::runtime_error("no more"); }};
  EXPECT_THROW(folder.commit("step-000000001", {part("one", "new"), broken}), std::runtime_error);
  EXPECT_THAT(everything_in(path_), ElementsAre("step-000000001"));
  EXPECT_EQ(read_text(path_ / "step-000000001/one"), "old");
  folder.commit("step-000000001", {part("one", "new")});
  EXPECT_EQ(read_text(path_ / "step-000000001/one"), "new");
}

TEST_F(CheckpointFolderTest, PrunesAllButTheNewestAndTheSpared) {
  CheckpointFolder folder(path_);
  for (const std::uint64_t steps : {1, 2, 3, 4, 5})
    folder.commit(CheckpointName{steps, 0}.text(), {part("one", "1")});
  folder.prune(2, std::array<std::string, 1>{"step-000000002"});
  EXPECT_THAT(names(folder.list()), ElementsAre("step-000000005", "step-000000004", "step-000000002"));
}

TEST_F(CheckpointFolderTest, ALinkPointsToOne) {
  CheckpointFolder folder(path_);
  folder.commit("step-000000001", {part("one", "1")});
  folder.commit("step-000000002", {part("one", "2")});
  folder.point("best", "step-000000001");
  folder.point("best", "step-000000002");
  EXPECT_EQ(read_text(path_ / "best/one"), "2");
  EXPECT_EQ(folder.list().size(), 2u);
}

TEST_F(CheckpointFolderTest, WhereThereAreNoLinksATextFileNamesItAndThatIsToldOnce) {
  CheckpointFolder folder(path_);
  // No file system makes a link with such a text.
  const std::string first = "step-1" + std::string(5000, '0'), second = "step-2" + std::string(5000, '0');
  ::testing::internal::CaptureStderr();
  folder.point("best", first);
  folder.point("best", second);
  const std::string told = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(read_text(path_ / "best"), second + "\n");
  const std::string warning = "it is a text file that names the checkpoint";
  EXPECT_NE(told.find(warning), told.npos) << told;
  EXPECT_EQ(told.find(warning), told.rfind(warning)) << told;
}

TEST_F(CheckpointFolderTest, RemovesWhatAKilledRunLeftAndOnlyThat) {
  temp_.write("a/b/.feedline-tmp-step-000000003/model.pt", "half");
  temp_.write("a/b/.hidden", "mine");
  temp_.write("a/b/notes.txt", "mine");
  CheckpointFolder folder(path_);
  EXPECT_THAT(everything_in(path_), ElementsAre(".hidden", "notes.txt"));
}

TEST_F(CheckpointFolderTest, RefusesWhatIsNoFolder) {
  const fs::path file = temp_.write("file", "text");
  EXPECT_THROW(CheckpointFolder{file}, UsageError);
  EXPECT_THAT(list_checkpoints(file), IsEmpty());
  EXPECT_THAT(list_checkpoints(temp_ / "nowhere"), IsEmpty());
}

}  // namespace
}  // namespace feedline

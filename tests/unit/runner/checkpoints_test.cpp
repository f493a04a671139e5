#include "checkpoints.hpp"

#include "temp_folder.hpp"

#include <feedline/common/errors.hpp>

#include <gtest/gtest.h>

#include <span>
#include <string>

namespace feedline {
namespace {

std::filesystem::path write_checkpoint(CheckpointFolder& folder, const RunState& state) {
  const auto write = [text = to_text(state)](const ByteSink& sink) { sink(std::as_bytes(std::span(text))); };
  return folder.commit(CheckpointName{1, 0}.text(), {{RunState::kFile, write}});
}

TEST(Checkpoints, FlagsThatAnOlderProgramDidNotKnowHaveTheirDefaults) {
  const testing::TempFolder temp;
  CheckpointFolder folder(temp.path() / "checkpoints");
  RunState old;
  old.fixed = {{"--batch-size", "32"}};
  old.free = {{"--lr", "0.5"}};
  const RunState state = find_checkpoint(write_checkpoint(folder, old)).state;
  EXPECT_EQ(state.fixed.at("--batch-size"), "32");
  EXPECT_EQ(state.fixed.at("--drop-last"), "false");
  EXPECT_EQ(state.free.at("--lr"), "0.5");
  EXPECT_EQ(state.free.at("--mel-device"), "auto");
}

}  // namespace
}  // namespace feedline

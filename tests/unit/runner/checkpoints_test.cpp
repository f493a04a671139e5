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
  old.must_match = {{"--batch-size", "32"}};
  old.may_change = {{"--lr", "0.5"}};
  const RunState state = find_checkpoint(write_checkpoint(folder, old)).state;
  EXPECT_EQ(state.must_match.at("--batch-size"), "32");
  EXPECT_EQ(state.must_match.at("--drop-last"), "false");
  EXPECT_EQ(state.may_change.at("--lr"), "0.5");
  EXPECT_EQ(state.may_change.at("--mel-device"), "auto");
}

TEST(Checkpoints, SayTheSizeOfTheModelWhereTheFlagsDoNot) {
  RunState state;
  EXPECT_EQ(size_of(state, {}), std::nullopt);
  state.must_match["the model"] = "--model-size normal";
  EXPECT_EQ(size_of(state, {}), std::nullopt) << "it is the default";
  state.must_match["the model"] = "--model-size tiny";
  EXPECT_EQ(size_of(state, {}), ModelSize::kTiny);
  Options given;
  given.model_size_given = true;
  EXPECT_EQ(size_of(state, given), std::nullopt);
}

}  // namespace
}  // namespace feedline
